import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { htmlPage } from '../../../src/reporters/html/index.ts';
import type { Report } from '../../../src/reporters/report.ts';
import { at, contextWith, findingAt, reportOf, withDrawing } from '../fixture.ts';
import { findChromium } from './browser.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const executablePath = findChromium();

/** Three thousand findings in a file of as many lines, two thirds of them warnings. */
function manyFindings(): { report: Report; text: string } {
  const lines = Array.from({ length: 3000 }, (_, i) => `  "host-${i}.example.com",`);
  const findings = lines.map((line, i) =>
    findingAt(at('infra/big.json', i + 1, 3, line.length), {
      check: i % 3 === 0 ? 'missing-required' : 'broad-destination',
      level: i % 3 === 0 ? 'error' : 'warning',
      message: `Rule 'r${i}' allows 'host-${i}.example.com'.`,
      fingerprint: `f${i}`,
    }),
  );
  return { report: reportOf(findings), text: lines.join('\n') };
}

describe.skipIf(executablePath === undefined)('an HTML report in a browser', () => {
  let folder = '';
  let browser: Browser;
  let page: Page;
  /** What the console said, what failed, and what was asked of a network. */
  let said: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'aks-egress-lint-page-'));
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
  });
  afterEach(async () => {
    await page.context().close();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(
    report: Report,
    textOf = contextWith().textOf,
    { width = 1280, scheme = 'light' }: { width?: number; scheme?: 'light' | 'dark' } = {},
  ): Promise<void> {
    const file = join(folder, 'report.html');
    writeFileSync(file, htmlPage(report, contextWith({ textOf })));
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme: scheme,
      reducedMotion: 'reduce',
    });
    page = await context.newPage();
    said = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) said.push(request.url());
    });
    await page.goto(pathToFileURL(file).href);
  }

  async function violations(): Promise<string[]> {
    // Added by the debugger, which the page's policy does not bind.
    await page.evaluate(AXE);
    return page.evaluate(async () => {
      const { axe } = globalThis as unknown as {
        axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      };
      const result = await axe.run();
      return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
    });
  }

  const shown = (): Promise<number> => page.locator('.finding:visible').count();

  it('loads nothing and complains of nothing', async () => {
    await open(withDrawing('findings-of-every-kind'));
    expect(said).toEqual([]);
    expect(await page.title()).toBe('3 errors, 4 warnings, 1 note – AKS egress');
  });

  it.each(['light', 'dark'] as const)(
    'is accessible in %s colours, with everything unfolded',
    async (scheme) => {
      await open(withDrawing('findings-of-every-kind'), undefined, { scheme });
      await page.evaluate(() => {
        for (const one of document.querySelectorAll('details')) one.open = true;
      });
      expect(await violations()).toEqual([]);
    },
  );

  it.each([320, 768, 1920])('needs no scrolling sideways at %i pixels', async (width) => {
    await open(withDrawing('findings-of-every-kind'), undefined, { width });
    const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect(wide).toBeLessThanOrEqual(room);
  });

  it('draws the path of a flow to the rule that decides it', async () => {
    await open(withDrawing('findings-of-every-kind'));
    const flow = page.locator('.flow', { hasText: 'AzureCloud.westeurope' });
    expect(await flow.getByRole('img').getAttribute('aria-label')).toBe(
      'AzureCloud.westeurope UDP 1194: allowed by api-tunnel',
    );
    const [rule, stop] = await Promise.all([
      page.locator('#rules-0 .tick').first().getAttribute('cx'),
      flow.locator('.stop').getAttribute('cx'),
    ]);
    expect(stop).toBe(rule);
    await flow.locator('summary').click();
    expect(await flow.locator('.steps li').allInnerTexts()).toEqual([
      'leaves the cluster for AzureCloud.westeurope',
      'api-tunnel allows it\naks › network, infra/hub-policy.json:23',
    ]);
  });

  it('searches, filters by level, and says how much is left', async () => {
    await open(withDrawing('findings-of-every-kind'));
    expect(await shown()).toBe(7);
    await page.getByLabel('Search').fill('STORAGE  account');
    await expect.poll(shown).toBe(1);
    expect(await page.locator('#matches').innerText()).toBe('1 of 7 places');
    await page.getByLabel('Search').fill('no such thing');
    await expect.poll(shown).toBe(0);
    expect(await page.getByText('Nothing matches the filter.').isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    await expect.poll(shown).toBe(7);
    await page.getByRole('checkbox', { name: 'warnings' }).uncheck();
    await expect.poll(shown).toBe(3);
    expect(await page.locator('.check:visible').count()).toBe(2);
  });

  it('can be used by keyboard alone', async () => {
    await open(withDrawing('findings-of-every-kind'));
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the report');
    await page.keyboard.press('/');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('search');
    await page.keyboard.press('Escape');
    const label = (): Promise<string | null | undefined> =>
      page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    await page.keyboard.press('j');
    expect(await label()).toBe('error, infra/hub-policy.json line 47');
    await page.keyboard.press('j');
    expect(await label()).toBe('error, infra/hub-policy.json line 41');
    await page.keyboard.press('k');
    expect(await label()).toBe('error, infra/hub-policy.json line 47');
  });

  it('lets one choose its colours, and remembers them', async () => {
    await open(withDrawing('findings-of-every-kind'));
    const background = (): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    const button = page.getByRole('button', { name: 'Colours' });
    await button.click();
    expect([await button.innerText(), await background()]).toEqual(['Colours: light', light]);
    await button.click();
    expect(await background()).not.toBe(light);
    // The browser hands what a page stores to the next one in its own time.
    await expect
      .poll(async () => {
        await page.reload();
        return button.innerText();
      })
      .toBe('Colours: dark');
  });

  it('shows what a link names, even where it is filtered out or folded up', async () => {
    await open(withDrawing('findings-of-every-kind'));
    await page.getByLabel('Search').fill('no such thing');
    await expect.poll(shown).toBe(0);
    await page.evaluate(() => (location.hash = '#finding-b1'));
    await expect.poll(() => page.locator('#finding-b1').isVisible()).toBe(true);
  });

  it('is printed light, unfolded and without its controls', async () => {
    await open(withDrawing('findings-of-every-kind'), undefined, { scheme: 'dark' });
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    expect(await page.locator('details:not([open])').count()).toBe(0);
    expect(await page.locator('.bar').isVisible()).toBe(false);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
      'rgb(255, 255, 255)',
    );
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    expect(await page.locator('details:not([open])').count()).toBeGreaterThan(0);
    expect((await page.pdf()).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('says all it has to say without scripts', async () => {
    await open(withDrawing('findings-of-every-kind'));
    const file = page.url();
    const context = await browser.newContext({ javaScriptEnabled: false });
    const plain = await context.newPage();
    await plain.goto(file);
    expect(await plain.locator('.finding').count()).toBe(7);
    expect(await plain.locator('#filter').isVisible()).toBe(false);
    await context.close();
  });

  it('stays quick with three thousand findings', async () => {
    const { report, text } = manyFindings();
    await open(report, () => text);
    expect(said).toEqual([]);
    expect(await page.locator('.finding').count()).toBe(3000);
    await page.getByLabel('Search').fill('host-2999');
    await expect.poll(shown, { timeout: 20_000 }).toBe(1);
    const [, milliseconds] = await page.evaluate(() => {
      const started = performance.now();
      const box = document.querySelector<HTMLInputElement>('input[value="warning"]');
      box?.click();
      return [box?.checked === false, performance.now() - started] as [boolean, number];
    });
    // A tenth of a second on an idle machine.
    expect(milliseconds).toBeLessThan(3000);
  });
});
