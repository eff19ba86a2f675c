import { set, useSettings } from './kept'

/** The panel for what every request carries. */
export function SettingsPanel() {
  const { token, traces } = useSettings()
  return (
    <form className="settings" onSubmit={(event) => event.preventDefault()}>
      <h2>Requests</h2>
      <label>
        Access token
        <input
          type="password"
          autoComplete="off"
          spellCheck="false"
          value={token}
          onChange={(event) => set({ token: event.target.value.trim() })}
        />
      </label>
      <p>Sent as a bearer token with every request from this page, and kept by this browser until it is deleted here.</p>
      <label>
        <input type="checkbox" checked={traces} onChange={(event) => set({ traces: event.target.checked })} /> Show the
        vendor calls and the cost of operations
      </label>
    </form>
  )
}

/** An icon for the panel's button: a key. */
export function SettingsIcon() {
  return (
    <svg viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <circle cx="5" cy="11" r="3" />
      <path d="M7.2 8.8 14 2m-3 3 2 2" />
    </svg>
  )
}
