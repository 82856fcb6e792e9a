import { useState, useSyncExternalStore } from 'react'
import type { Language, Session } from './session'

/** The strip above the editor: who is signed in, the way in and out, and the language of the answers. */
export function Bar({ session }: { session: Session }) {
  const { username, language, error } = useSyncExternalStore(session.subscribe, session.snapshot)
  return (
    <header className="bar">
      <h1>
        <img src={`${import.meta.env.BASE_URL}icon.svg`} alt="" />
        thidua <span>GraphiQL</span>
      </h1>
      <label className="language">
        <span>Ngôn ngữ / Language</span>
        <select value={language} onChange={(event) => session.setLanguage(event.target.value as Language)}>
          <option value="vi">Tiếng Việt</option>
          <option value="en">English</option>
        </select>
      </label>
      {username === null ? <SignIn session={session} /> : <SignedIn session={session} username={username} />}
      <p role="alert">{error}</p>
    </header>
  )
}

function SignIn({ session }: { session: Session }) {
  const [busy, setBusy] = useState(false)

  async function submit(form: FormData) {
    setBusy(true)
    await session.signIn(String(form.get('username')).trim(), String(form.get('password')))
    setBusy(false)
  }

  return (
    <form
      className="account"
      onSubmit={(event) => {
        event.preventDefault()
        void submit(new FormData(event.currentTarget))
      }}
    >
      <label>
        <span>Tên đăng nhập / Username</span>
        <input name="username" autoComplete="username" autoCapitalize="none" spellCheck={false} required />
      </label>
      <label>
        <span>Mật khẩu / Password</span>
        <input name="password" type="password" autoComplete="current-password" required />
      </label>
      <button disabled={busy}>Đăng nhập / Sign in</button>
    </form>
  )
}

function SignedIn({ session, username }: { session: Session; username: string }) {
  return (
    <div className="account">
      <p role="status">
        <span>Đang đăng nhập / Signed in</span>
        <strong>{username}</strong>
      </p>
      <button type="button" onClick={() => void session.signOut()}>
        Đăng xuất / Sign out
      </button>
    </div>
  )
}
