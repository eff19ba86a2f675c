// Uses a page of the explorer as a person would, and prints as one line of JSON what came of it:
// `node drive.mjs CHROMIUM URL [SCREENSHOT]` runs the query that the page opens with by its button, opens the page
// once more, and runs it from the keyboard. With CDN set, that folder is what the CDN has; without, none can be reached.

import { access } from 'node:fs/promises'
import { join } from 'node:path'

import { chromium } from 'playwright-core'

const [executablePath, url, screenshot] = process.argv.slice(2)
const { CDN } = process.env
const { host } = new URL(url)
const CUSTOMER = 'WzEsIkN1c3RvbWVyIi'
const MOST_TABS = 100
const QUIET = 500 // milliseconds in which a page may still do what it should not
const seen = { foreign: [], failed: [], console: [], answers: [] }

function watch(page) {
  page.on('request', (request) => {
    const address = new URL(request.url())
    if (address.protocol.startsWith('http') && address.host !== host) seen.foreign.push(request.url())
  })
  page.on('requestfailed', (request) => seen.failed.push(request.url()))
  page.on('response', (response) => {
    if (response.status() >= 400) seen.failed.push(response.url())
  })
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) seen.console.push(message.text())
  })
  page.on('pageerror', (error) => seen.console.push(String(error)))
}

// What is asked of a CDN is answered from the folder; anything else outside is not reached.
async function confine(page) {
  await page.route((address) => address.host !== host, async (route) => {
    const path = CDN && join(CDN, decodeURIComponent(new URL(route.request().url()).pathname))
    const there = path && (await access(path).then(() => true, () => false))
    return there ? route.fulfill({ path, headers: { 'access-control-allow-origin': '*' } }) : route.abort('internetdisconnected')
  })
}

async function answerTo(page, act) {
  const answered = page.waitForResponse((response) => response.request().postData()?.includes(CUSTOMER))
  await act()
  seen.answers.push(await (await answered).json())
  await page.locator('.result-window, #result').getByText('Ada Lovelace').first().waitFor()
}

// What has the focus, as a screen reader would name it.
function focused() {
  const { activeElement: element } = document
  const label = element.getAttribute('aria-label') || element.labels?.[0]?.innerText || element.innerText || element.tagName
  return element.closest('.graphiql-editor') ? 'editor' : label.trim()
}

// From here to there by Tab alone. Editors take it for themselves until they are told otherwise.
async function tabTo(page, name) {
  const passed = []
  for (let pressed = 0; pressed < MOST_TABS; pressed++) {
    await page.keyboard.press('Tab')
    const here = await page.evaluate(focused)
    if (here === 'editor' && !passed.includes(here)) await page.keyboard.press('Control+M')
    if (name.test(here)) return
    passed.push(here)
  }
  throw new Error(`Tab does not lead to ${name}, but to: ${[...new Set(passed)].join(' | ')}`)
}

// The query, and its plan, with neither a mouse nor any focus but by Tab. No plan on a page without a panel.
async function byKeys(page) {
  if (!(await page.locator('.calls').count())) {
    await page.getByRole('textbox').first().focus()
    await answerTo(page, () => page.keyboard.press('Control+Enter'))
    return null
  }
  await tabTo(page, /Requests$/)
  await page.keyboard.press('Enter')
  await tabTo(page, /^Access token/)
  await tabTo(page, /Vendor calls$/)
  await page.keyboard.press('Enter')
  await tabTo(page, /^Execute query/)
  await answerTo(page, () => page.keyboard.press('Enter'))
  await tabTo(page, /^Plan$/)
  await page.keyboard.press('Enter')
  const plan = page.getByRole('region', { name: 'Plan' })
  await plan.waitFor()
  const told = await plan.innerText()
  await tabTo(page, /^Hide the plan$/)
  await page.keyboard.press('Enter')
  await plan.waitFor({ state: 'detached' })
  return told
}

const SUBSCRIPTION = 'subscription Told { paymentChanged { payment { reference } } }'
const CREATE = `mutation ($input: CreatePaymentInput!) {
  createPayment(input: $input) { payment { id } userErrors { message } }
}`

async function ask(query, variables) {
  const headers = { 'content-type': 'application/json' }
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) })).json()
}

// What a subscriber sees of a payment that is made meanwhile; null on a page without sockets.
async function subscribed(page) {
  const tab = page.getByRole('button', { name: /(new|add) tab/i })
  if (!(await tab.count())) return null
  await tab.click()
  await page.waitForTimeout(QUIET)
  await page.getByRole('textbox').first().focus()
  await page.keyboard.press('Control+A')
  await page.keyboard.press('Delete')
  await page.keyboard.insertText(SUBSCRIPTION)
  await page.getByRole('tab', { name: 'Told' }).waitFor() // so that it was read, and is known to be a subscription
  const sent = new Promise((resolve) => {
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => payload.includes('paymentChanged') && resolve())
    })
  })
  await page.keyboard.press('Control+Enter')
  await sent
  await page.waitForTimeout(QUIET)
  const { data } = await ask('{ connectors(first: 50) { nodes { id name } } }')
  const input = {
    connectorId: data.connectors.nodes.find(({ name }) => name === 'generic-bank').id,
    type: 'PAY_IN',
    status: 'SUCCEEDED',
    money: { amount: '1.00', asset: 'EUR/2' },
    scheme: 'sepa credit',
    createdAt: '2026-01-02T03:04:05Z',
    reference: 'seen-in-the-explorer',
    idempotencyKey: 'explorer',
  }
  await ask(CREATE, { input })
  await page.locator('.result-window').getByText(input.reference).first().waitFor()
  return input.reference
}

async function open(page) {
  await page.goto(url)
  await page.getByText(CUSTOMER).filter({ visible: true }).first().waitFor()
}

const browser = await chromium.launch({
  executablePath,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
})
try {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, colorScheme: 'dark' })
  page.setDefaultTimeout(30_000)
  watch(page)
  await confine(page)

  const begun = Date.now()
  await open(page)
  await answerTo(page, () => page.getByRole('button', { name: /^(Run$|Execute query)/ }).click())
  seen.milliseconds = Date.now() - begun
  await page.waitForTimeout(QUIET)
  seen.told = (await page.locator('#told').allInnerTexts())[0] ?? null
  seen.panel = await page.locator('.calls-call').allInnerTexts()
  if (screenshot) await page.screenshot({ path: screenshot })

  await open(page)
  seen.plan = await byKeys(page)
  await page.waitForTimeout(QUIET)
  seen.received = await (await fetch(new URL('/sandbox/_calls', url))).json()
  seen.subscribed = await subscribed(page)
  console.log(JSON.stringify(seen))
} finally {
  await browser.close()
}
