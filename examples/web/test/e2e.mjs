// Uses the app as a person would, and prints as one line of JSON what was seen: `node e2e.mjs CHROMIUM URL SANDBOX`.
// SANDBOX is the address of the sandboxes' controls, by which a vendor is made to fail.

import { chromium } from 'playwright-core'

const [executablePath, url, sandbox] = process.argv.slice(2)
const seen = { console: [], foreign: [] }

async function fail(fault) {
  await fetch(`${sandbox}/_faults`, { method: 'POST', body: JSON.stringify({ times: 1000, status: 503, body: '{}', ...fault }) })
}

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--no-first-run'] })
try {
  const page = await browser.newPage()
  page.setDefaultTimeout(30_000)
  page.on('console', (message) => {
    if (message.type() === 'error') seen.console.push(message.text())
  })
  page.on('pageerror', (error) => seen.console.push(String(error)))
  page.on('request', (request) => {
    if (new URL(request.url()).host !== new URL(url).host) seen.foreign.push(request.url())
  })
  const accounts = page.getByRole('region', { name: 'Accounts' })
  const payments = page.getByRole('region', { name: 'Payments' })
  const rows = payments.locator('tbody tr', { has: page.locator('td:nth-child(4)') })

  await page.goto(url)
  await page.getByRole('heading', { level: 1 }).waitFor()
  seen.name = await page.getByRole('heading', { level: 1 }).innerText()
  seen.totals = await page.getByRole('list', { name: 'Totals' }).getByRole('listitem').allInnerTexts()
  seen.vendors = [...new Set(await accounts.locator('tbody tr td:first-child').allInnerTexts())].sort()

  await rows.first().waitFor()
  seen.firstPage = await rows.count()
  await payments.getByRole('button', { name: 'Older payments' }).click()
  await page.waitForFunction((count) => document.querySelectorAll('[aria-label="Payments"] td:nth-child(4)').length > count, seen.firstPage)
  seen.twoPages = await rows.count()

  await page.getByRole('button', { name: 'Pay out' }).click()
  const status = page.getByRole('status')
  await status.waitFor()
  seen.paidOut = await status.innerText()

  await page.getByLabel('Amount').fill('0.001')
  await page.getByRole('button', { name: 'Pay out' }).click()
  const refusal = page.getByRole('region', { name: 'Pay out' }).getByRole('alert')
  await refusal.waitFor()
  seen.refused = await refusal.innerText()

  await fail({ vendor: 'pluggy', path: '*' })
  await page.reload()
  await accounts.getByRole('alert').waitFor()
  seen.problem = await accounts.getByRole('alert').innerText()
  seen.vendorsLeft = [...new Set(await accounts.locator('tbody tr td:first-child').allInnerTexts())].sort()
  console.log(JSON.stringify(seen))
} finally {
  await browser.close()
}
