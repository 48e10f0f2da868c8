/**
 * Settings of a policy that are read, or that change nothing about which traffic it matches: logging, translation of
 * addresses, shaping, offloading, profiles that look for attacks.
 * https://docs.fortinet.com/document/fortigate/7.4.4/cli-reference (config firewall policy)
 */
export const SILENT = new RegExp(
  `^(?:${[
    'policyid|name|uuid|q_origin_key|srcintf|dstintf|srcaddr6?|dstaddr6?|service|action|status|schedule|schedule-timeout',
    '(?:srcaddr6?|dstaddr6?|service)-negate|internet-service6?(?:-.*)?|groups|users|fsso.*|comments|label|global-label',
    'nat|nat46|nat64|ippool|poolname6?|pool|natip|natinbound|natoutbound|fixedport|cgn-.*|permit-any-host|permit-stun-host',
    'utm-status|profile-type|profile-group|profile-protocol-options|ssl-ssh-profile|inspection-mode|ssl-mirror.*',
    '(?:webfilter|av|dnsfilter|emailfilter|dlp|file-filter|voip|ips-voip-filter|icap|waf|cifs|ssh-filter|videofilter|sctp-filter|virtual-patch|casb|diameter-filter|ztna)-profile',
    'dlp-sensor|ips-sensor|application-list|application|app-category|app-group|url-category|application-charts',
    'logtraffic.*|log-.*|capture-packet|custom-log-fields|replacemsg-.*|block-notification|email-collect|disclaimer',
    'traffic-shaper.*|per-ip-shaper|dynamic-shaping|session-ttl|tcp-.*|timeout-send-rst|anti-replay|delay-tcp-npu-session',
    'auto-asic-offload|np-acceleration|dsri|diffserv.*|vlan-.*|wccp|webcache.*|webproxy-.*|wanopt.*|http-policy-redirect',
    'ssh-policy-redirect|geoip-.*|match-vip.*|radius-.*|auth-.*|captive-portal-exempt|identity-based-route|ntlm.*',
    'policy-expiry.*|policy-offload|reputation-.*|src-vendor-mac|ztna-.*|passive-wan-health-measurement|sgt.*|tos.*',
    'vpntunnel|inbound|outbound|send-deny-packet|firewall-session-dirty|fec|rtp-.*|scan-botnet-connections|enforce-default-app-port',
    'decrypted-traffic-mirror|rsso|gtp-profile|mms-profile|devices|port-.*|pcp-.*|eif-.*|learning-mode|network-service-.*|app-monitor|redirect-url|max-session-per-user',
  ].join('|')})$`,
);
