// @ts-check
(() => {
  const root = document.documentElement;
  const byId = (/** @type {string} */ id) => document.getElementById(id);

  // Colours: what the system says, light, dark.
  const button = byId('theme');
  const THEMES = ['system', 'light', 'dark'];
  const remembered = () => {
    try {
      return localStorage.getItem('aks-egress-lint-theme') ?? 'system';
    } catch {
      // A page from a file may have no storage.
      return 'system';
    }
  };
  const paint = (/** @type {string} */ theme) => {
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
    else delete root.dataset.theme;
    const label = button?.querySelector('span');
    if (label) label.textContent = theme;
  };
  paint(remembered());
  if (button) {
    button.hidden = false;
    button.addEventListener('click', () => {
      const next = THEMES[(THEMES.indexOf(root.dataset.theme ?? 'system') + 1) % THEMES.length] ?? 'system';
      paint(next);
      try {
        localStorage.setItem('aks-egress-lint-theme', next);
      } catch {
        // Until the page is closed, then.
      }
    });
  }

  // Search and levels.
  const form = /** @type {HTMLFormElement | null} */ (byId('filter'));
  const search = /** @type {HTMLInputElement | null} */ (byId('search'));
  const matches = byId('matches');
  const items = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('[data-item]')]);
  /** @type {string[] | undefined} */
  let texts;
  // Of the source, only the line that a finding is about: its neighbours are about other things.
  const textOf = (/** @type {HTMLElement} */ item) => {
    const check = item.closest('[data-check]');
    const about = check instanceof HTMLElement ? (check.dataset.check ?? '') : '';
    const parts = [...item.children].map((part) =>
      part.matches('.source') ? (part.querySelector('.here')?.textContent ?? '') : part.textContent,
    );
    return `${parts.join(' ')} ${about} ${item.dataset.level ?? ''}`.toLowerCase().replace(/\s+/g, ' ');
  };
  const apply = () => {
    const words = (search?.value ?? '')
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    const levels = new Set(
      [...document.querySelectorAll('input[name="level"]:checked')].map((box) => box.getAttribute('value')),
    );
    if (words.length > 0) texts ??= items.map(textOf);
    let shown = 0;
    items.forEach((item, at) => {
      const level = item.dataset.level;
      const isShown =
        (level === undefined || levels.has(level)) &&
        words.every((word) => texts?.[at]?.includes(word) ?? true);
      item.hidden = !isShown;
      if (isShown && item.classList.contains('finding')) shown++;
    });
    for (const block of document.querySelectorAll('.check')) {
      if (block instanceof HTMLElement) block.hidden = block.querySelector('.finding:not([hidden])') === null;
    }
    const all = document.querySelectorAll('.finding').length;
    if (matches) matches.textContent = shown === all ? '' : `${shown} of ${all} places`;
    const nothing = document.querySelector('.nothing');
    if (nothing instanceof HTMLElement) nothing.hidden = shown > 0;
  };
  if (form && search) {
    form.hidden = false;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
    });
    form.addEventListener('change', apply);
    let waiting = 0;
    search.addEventListener('input', () => {
      clearTimeout(waiting);
      waiting = setTimeout(apply, 120);
    });
  }

  // Keys: / searches, Escape clears, j and k go from finding to finding.
  const step = (/** @type {number} */ by) => {
    const findings = /** @type {HTMLElement[]} */ ([
      ...document.querySelectorAll('.finding:not([hidden])'),
    ]).filter((finding) => finding.closest('.check[hidden]') === null);
    const current = document.activeElement?.closest('.finding');
    const at = current instanceof HTMLElement ? findings.indexOf(current) : -1;
    const next = findings[Math.max(0, Math.min(findings.length - 1, at === -1 ? 0 : at + by))];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  };
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyping = event.target instanceof HTMLInputElement && event.target.type === 'search';
    if (event.key === 'Escape' && search && isTyping) {
      search.value = '';
      apply();
      search.blur();
    } else if (isTyping) return;
    else if (event.key === '/' && search) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === 'j') step(1);
    else if (event.key === 'k') step(-1);
  });

  // A link to something that is filtered out or folded up shows it.
  const reveal = () => {
    const target = byId(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    const item = target.closest('[data-item]');
    if (item instanceof HTMLElement && item.hidden && form && search) {
      form.reset();
      apply();
    }
    for (let at = target.closest('details'); at; at = at.parentElement?.closest('details') ?? null)
      at.open = true;
    target.scrollIntoView();
  };
  addEventListener('hashchange', reveal);
  if (location.hash !== '') reveal();

  // Paper cannot be unfolded.
  /** @type {HTMLDetailsElement[]} */
  let folded = [];
  addEventListener('beforeprint', () => {
    folded = [...document.querySelectorAll('details')].filter((one) => !one.open);
    for (const one of folded) one.open = true;
  });
  addEventListener('afterprint', () => {
    for (const one of folded) one.open = false;
  });
})();
