// Drives the GraphiQL page of a running service in headless Chromium.
//
//   THIDUA_URL=http://127.0.0.1:8080 THIDUA_USERNAME=… THIDUA_PASSWORD=… npm test
//
// The tests share one page and run in this order. Chromium is the one on this machine: Debian's package `chromium`.

import assert from 'node:assert/strict'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { after, before, test } from 'node:test'
import { chromium } from 'playwright-core'

const base = new URL(setting('THIDUA_URL'))
const username = setting('THIDUA_USERNAME')
const password = setting('THIDUA_PASSWORD')

/** What the page did that a person would not see. */
const requests = []
const complaints = []

let browser
let page

before(async () => {
  browser = await chromium.launch({
    executablePath: findChromium(),
    chromiumSandbox: process.getuid?.() !== 0, // root cannot have the sandbox
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) =>
      console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`),
    )
  })
  context.on('request', (request) => requests.push(request))
  page = await context.newPage()
  page.setDefaultTimeout(15_000)
  page.on('websocket', (socket) => requests.push(socket))
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('requestfailed', (request) => complaints.push(`${request.url()}: ${request.failure()?.errorText}`))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} (${message.location().url})`)
  })
})

after(() => browser?.close())

test('the page opens', async () => {
  const response = await page.goto(new URL('/graphiql', base).href)
  assert.equal(page.url(), new URL('/graphiql/', base).href)
  const headers = response.headers()
  assert.match(headers['content-security-policy'], /default-src 'self'/)
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.equal(await page.title(), 'thidua – GraphiQL')
  await editor().waitFor()
})

test('a wrong password is refused with a message, in the language asked for', async () => {
  const wrong = `not ${password}`
  await signIn(wrong)
  const vietnamese = await alertText()
  assert.ok(vietnamese)
  await page.getByLabel('Language').selectOption('en')
  await signIn(wrong)
  const english = await alertText()
  assert.notEqual(english, vietnamese)
  await page.getByLabel('Language').selectOption('vi')
  assert.equal(await page.getByLabel('Mật khẩu').isVisible(), true)

  // Chromium itself notes the refused request in the console; it must note nothing else.
  const notes = complaints.splice(0)
  assert.equal(notes.length, 2, notes.join('\n'))
  for (const note of notes) assert.match(note, /^Failed to load resource.*\/api\/v1\/auth\/login\)$/)
})

test('signing in and running a query shows the account', async () => {
  await signIn(password)
  await page.getByRole('status').getByText(username, { exact: true }).waitFor()
  await showsAccount()
})

test('the tokens are kept in memory only', async () => {
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]))
  const [authorization] = requests.map((request) => request.headers?.().authorization).filter(Boolean)
  const token = authorization.replace('Bearer ', '')
  assert.ok(!kept.includes(token), 'the access token is in the storage of the browser')
  assert.doesNotMatch(kept, /refreshToken|accessToken/)
})

test('a token that is about to end is renewed before the request', async () => {
  await page.evaluate(() => {
    const now = Date.now
    Date.now = () => now() + 365 * 24 * 3600 * 1000
  })
  const renewal = page.waitForResponse((response) => response.url().endsWith('/api/v1/auth/refresh'))
  await showsAccount()
  assert.equal((await renewal).status(), 200)
})

test('a token that the service refuses is renewed once', async () => {
  await page.route(
    '**/graphql',
    (route) => route.fulfill({ json: { data: null, errors: [{ message: '', extensions: { code: 'UNAUTHENTICATED' } }] } }),
    { times: 1 },
  )
  const renewal = page.waitForResponse((response) => response.url().endsWith('/api/v1/auth/refresh'))
  await showsAccount()
  assert.equal((await renewal).status(), 200)
})

test('every example runs without an error', async () => {
  const menu = page.getByLabel('Ví dụ')
  const titles = await menu.locator('option:not([disabled])').allInnerTexts()
  assert.ok(titles.length > 0)
  for (const title of titles) {
    await menu.selectOption(title)
    const answer = await run()
    assert.equal(answer.errors, undefined, `${title}: ${JSON.stringify(answer.errors)}`)
  }
})

test('nothing sticks out on a phone', async () => {
  const desktop = page.viewportSize()
  await page.setViewportSize({ width: 390, height: 844 })
  // The editors are laid out anew only after the page has told them its new width.
  await page.waitForFunction(() => document.documentElement.scrollWidth <= innerWidth)
  await page.locator('.result-window').scrollIntoViewIfNeeded()
  await page.setViewportSize(desktop)
})

test('signing out ends the session', async () => {
  const logout = page.waitForResponse((response) => response.url().endsWith('/api/v1/auth/logout'))
  await page.getByRole('button', { name: 'Đăng xuất' }).click()
  assert.ok((await logout).ok())
  await page.getByLabel('Tên đăng nhập').waitFor()
  const request = page.waitForRequest(isQuery)
  await run()
  assert.equal((await request).headers().authorization, undefined)
})

test('no other host was asked for anything, and the browser had no complaint', () => {
  const hosts = new Set(
    requests.map((request) => new URL(request.url())).filter((url) => /^(http|ws)/.test(url.protocol)).map((url) => url.host),
  )
  assert.deepEqual([...hosts], [base.host])
  assert.deepEqual(complaints, [])
})

function editor() {
  return page.getByRole('region', { name: 'Operation Editor' }).locator('.view-lines')
}

async function signIn(secret) {
  await page.getByLabel('Tên đăng nhập').fill(username)
  await page.getByLabel('Mật khẩu').fill(secret)
  const answer = page.waitForResponse((response) => response.url().endsWith('/api/v1/auth/login'))
  await page.getByRole('button', { name: 'Đăng nhập' }).click()
  await answer
}

/** The text of the message in the bar, once there is one. */
async function alertText() {
  const alert = page.getByRole('alert').filter({ hasText: /\S/ })
  await alert.waitFor()
  return alert.innerText()
}

function isQuery(request) {
  return request.url().endsWith('/graphql') && !request.postData()?.includes('IntrospectionQuery')
}

/** Runs what is in the editor and gives the answer of the service. */
async function run() {
  await page.waitForTimeout(300) // GraphiQL reads the editor 100 ms after the last change
  const response = page.waitForResponse((response) => isQuery(response.request()))
  await page.getByRole('button', { name: 'Execute query' }).click()
  return (await response).json()
}

/** Types a new query for the account into the editor, runs it, and waits until the account is in the result that a person sees. */
async function showsAccount() {
  const field = `name${requests.length}`
  await editor().click()
  await page.keyboard.press('ControlOrMeta+A')
  // Text that begins with a brace would get a second closing one from the editor.
  await page.keyboard.insertText(`query Test { viewer { account { ${field}: username } } }`)
  await run()
  const line = page.locator('.result-window .view-line').filter({ hasText: `"${field}":` })
  await line.filter({ hasText: `"${username}"` }).waitFor()
}

function setting(name) {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set; THIDUA_URL, THIDUA_USERNAME and THIDUA_PASSWORD are needed`)
  return value
}

function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(folder, 'chromium')
    try {
      accessSync(file, constants.X_OK)
      return file
    } catch {
      // not in this folder
    }
  }
  throw new Error('Chromium is not on this machine: install the Debian package `chromium`, or set CHROMIUM to its path')
}
