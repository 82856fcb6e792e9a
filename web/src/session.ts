/** Who is signed in, and the requests made in that person's name. Tokens live in this object only: a reload forgets them. */

export type Language = 'vi' | 'en'

interface Tokens {
  accessToken: string
  refreshToken: string
  /** When the access token ends, in milliseconds since 1970. */
  expiresAt: number
}

export interface SessionState {
  username: string | null
  language: Language
  /** Why the last sign-in failed or the session ended, for a person to read. */
  error: string | null
}

/** An access token is renewed when it has less than this left. */
const RENEW_BEFORE_MS = 30_000

export class Session {
  state: SessionState = { username: null, language: 'vi', error: null }
  private tokens: Tokens | null = null
  private renewing: Promise<boolean> | null = null
  private listeners = new Set<() => void>()

  /** For `useSyncExternalStore`. */
  subscribe = (listener: () => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }
  snapshot = () => this.state

  private set(change: Partial<SessionState>) {
    this.state = { ...this.state, ...change }
    this.listeners.forEach((listener) => listener())
  }

  setLanguage(language: Language) {
    this.set({ language, error: null })
  }

  async signIn(username: string, password: string): Promise<void> {
    this.set({ error: null })
    try {
      const response = await this.post('login', { username, password })
      if (!response.ok) return this.set({ error: await reason(response) })
      this.keep(await response.json())
      this.set({ username })
    } catch {
      this.set({ error: NO_ANSWER })
    }
  }

  async signOut(): Promise<void> {
    const tokens = this.tokens
    this.tokens = null
    this.set({ username: null, error: null })
    // The tokens are forgotten here in any case; the service may be unreachable.
    if (tokens) await this.post('logout', { refreshToken: tokens.refreshToken }, tokens.accessToken).catch(() => {})
  }

  /** `fetch` with the access token and the language. Renews the token before it ends, and once more if the service refuses it. */
  fetch: typeof fetch = async (input, init) => {
    if (this.tokens && this.tokens.expiresAt - Date.now() < RENEW_BEFORE_MS) await this.renew()
    const used = this.tokens
    const response = await fetch(input, this.withHeaders(init))
    if (used && (await isUnauthenticated(response)) && (this.tokens !== used || (await this.renew()))) {
      return fetch(input, this.withHeaders(init))
    }
    return response
  }

  /** A header that the person typed into the editor is stronger than ours. */
  private withHeaders(init?: RequestInit): RequestInit {
    const headers = new Headers(init?.headers)
    if (!headers.has('accept-language')) headers.set('accept-language', this.state.language)
    if (this.tokens && !headers.has('authorization')) headers.set('authorization', `Bearer ${this.tokens.accessToken}`)
    return { ...init, headers }
  }

  /** New tokens for the old refresh token. Callers at the same time share one request, since a refresh token is good once. */
  private renew(): Promise<boolean> {
    this.renewing ??= this.renewNow().finally(() => (this.renewing = null))
    return this.renewing
  }

  private async renewNow(): Promise<boolean> {
    const old = this.tokens
    if (!old) return false
    const response = await this.post('refresh', { refreshToken: old.refreshToken })
    if (this.tokens !== old) return false // signed out or in again meanwhile
    if (response.ok) {
      this.keep(await response.json())
      return true
    }
    if (response.status < 500 && response.status !== 429) {
      this.tokens = null
      this.set({ username: null, error: ENDED })
    }
    return false
  }

  private keep(answer: { accessToken: string; refreshToken: string; expiresIn: number }) {
    const { accessToken, refreshToken, expiresIn } = answer
    this.tokens = { accessToken, refreshToken, expiresAt: Date.now() + expiresIn * 1000 }
  }

  private post(action: string, body: object, accessToken?: string): Promise<Response> {
    const headers = new Headers({ 'content-type': 'application/json', 'accept-language': this.state.language })
    if (accessToken) headers.set('authorization', `Bearer ${accessToken}`)
    return fetch(`/api/v1/auth/${action}`, { method: 'POST', headers, body: JSON.stringify(body) })
  }
}

const NO_ANSWER = 'Không kết nối được với dịch vụ. / The service does not answer.'
const ENDED = 'Phiên đã hết hạn, hãy đăng nhập lại. / The session has ended, sign in again.'

/** The `detail` of an `application/problem+json` answer, or its status. */
async function reason(response: Response): Promise<string> {
  const problem = await response.json().catch(() => null)
  return problem?.detail || problem?.title || `Đăng nhập không thành công. / Sign-in failed. (HTTP ${response.status})`
}

async function isUnauthenticated(response: Response): Promise<boolean> {
  if (response.status === 401) return true
  const answer = await response.clone().json().catch(() => null)
  const errors: { extensions?: { code?: string } }[] = answer?.errors ?? []
  return errors.some((error) => error.extensions?.code === 'UNAUTHENTICATED')
}
