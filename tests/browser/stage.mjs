// What every browser test needs: Debian's Chromium, a page at the shop, the sandbox's switches.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';

const { chromium } = createRequire(new URL('../../web/package.json', import.meta.url))('playwright-core');

export const shopUrl = process.env.SHOP_URL ?? '';
export const sandboxUrl = process.env.SANDBOX_URL ?? '';
export const skip = shopUrl && sandboxUrl ? false : 'skipped: SHOP_URL and SANDBOX_URL name no running shop and sandbox';

export const devices = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  desktop: { viewport: { width: 1280, height: 800 } },
  wechat: {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    userAgent:
      'Mozilla/5.0 (Linux; Android 14; V2307A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/116.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.50.2701(0x28003253) WeChat/arm64 NetType/WIFI Language/zh_CN',
  },
};
const chromiumFlags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];
const patience = 30_000;

function chromiumPath() {
  return process.env.CHROMIUM ?? execFileSync('/bin/sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim();
}

// Runs `story` in a browser of its own and fails it if the page complained about anything.
export async function inBrowser(device, story) {
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: chromiumFlags });
  const complaints = [];
  try {
    const context = await browser.newContext({ ...device, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
    context.setDefaultTimeout(patience);
    context.on('page', (page) => {
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => {
        // Chromium may fetch the icon of the page that was just left, and judge it by the next page's policy.
        const isLeftBehind = message.text().includes('/favicon.svg') && !page.url().startsWith(shopUrl);
        if (message.type() === 'error' && message.text().includes('Content Security Policy') && !isLeftBehind) {
          complaints.push(message.text());
        }
      });
    });
    await story(await context.newPage(), browser);
  } finally {
    await browser.close();
  }
  assert.deepEqual(complaints, []);
}

// Any product that fits, as the shop sells it now.
export async function findProduct(fits) {
  const answer = await fetch(`${shopUrl}/v1/products`);
  assert.equal(answer.status, 200);
  const product = (await answer.json()).products.find((candidate) => candidate.in_stock && fits(candidate));
  return product ?? null;
}

// The first of the ways that the shop offers.
export async function channelOf(...ways) {
  const { channels } = await (await fetch(`${shopUrl}/v1/channels`)).json();
  const channel = ways.flatMap((way) => channels.filter((candidate) => candidate.way === way))[0];
  assert.ok(channel, `the shop has no channel of way ${ways.join(' or ')}`);
  return channel.channel;
}

export const takesPhone = (product) =>
  product.kind === 'topup' && Object.values(product.target_schema.properties).some(({ format }) => format === 'phone');

// A number that no other test uses.
export function freshPhone() {
  return `138${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`;
}

export async function setFault(name, setting) {
  const answer = await fetch(`${sandboxUrl}/sandbox/v1/faults/${name}`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(setting),
  });
  assert.equal(answer.status, 200, `fault ${name}: ${await answer.text()}`);
}

// What WeChat brings to every page of its browser, some time after it; the sandbox is what stands behind it. `names` in
// window.sheetsInvoked are the calls of the page.
export async function bringBridge(page) {
  await page.exposeFunction('askSandboxForSheet', async (sheet) => {
    const answer = await fetch(`${sandboxUrl}/sandbox/v1/wechatpay/bridge`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ pay_sheet: sheet }),
    });
    assert.equal(answer.status, 200, await answer.clone().text());
    return answer.json();
  });
  await page.addInitScript(() => {
    window.sheetsInvoked = [];
    setTimeout(() => {
      window.WeixinJSBridge = {
        invoke(name, sheet, done) {
          window.sheetsInvoked.push(name);
          void window.askSandboxForSheet(sheet).then(done);
        },
      };
      document.dispatchEvent(new Event('WeixinJSBridgeReady'));
    }, 200);
  });
}

export async function fillTarget(page, target) {
  for (const [name, value] of Object.entries(target)) await page.getByTestId(`target-${name}`).fill(value);
}

// From the product list to the confirm step.
export async function goToConfirm(page, product, { target = {}, contact, channel }) {
  await page.goto(shopUrl);
  await page.getByTestId(`product-${product.sku}`).click();
  await page.getByTestId('buy').click();
  await fillTarget(page, target);
  await page.getByTestId('contact').fill(contact);
  await page.getByTestId(`channel-${channel}`).check({ force: true });
  await page.getByTestId('to-confirm').click();
  await page.getByTestId('confirm').waitFor();
}

// From now on every state that a stage takes is written down; the list is lost if the page is loaded again.
export async function recordStages(page) {
  await page.getByTestId('stages').waitFor();
  await page.evaluate(() => {
    const seen = [];
    const look = () => {
      for (const stage of document.querySelectorAll('[data-testid^="stage-"]')) {
        const line = `${stage.dataset.testid.slice('stage-'.length)} ${stage.dataset.state}`;
        if (!seen.includes(line)) seen.push(line);
      }
    };
    look();
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
    window.stagesSeen = seen;
  });
}

export async function stagesSeen(page) {
  const seen = await page.evaluate(() => window.stagesSeen ?? null);
  assert.ok(seen, 'the page was loaded again since the stages are recorded');
  return seen;
}

export async function waitForOrder(page, state, timeout = patience) {
  await page.locator(`[data-testid=headline][data-state=${state}]`).waitFor({ timeout });
}
