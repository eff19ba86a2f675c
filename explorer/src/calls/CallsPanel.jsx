import { useGraphiQL, useOperationsEditorState, useVariablesEditorState } from '@graphiql/react'
import { useState } from 'react'

import { explained } from '../asking'
import { useLatest } from './latest'
import { Plan } from './Plan'
import { Timeline } from './Timeline'
import { duration } from './timeline'

/** The panel beside the editor: what the last operation took from the vendors, and what the next one may take. */
export function CallsPanel() {
  const latest = useLatest()
  const [plan, setPlan] = useState(null)
  const [query] = useOperationsEditorState()
  const [variables] = useVariablesEditorState()
  const operationName = useGraphiQL((state) => state.operationName)

  return (
    <div className="calls">
      <header>
        <h2>Vendor calls</h2>
        <button
          type="button"
          className="graphiql-button"
          onClick={async () => setPlan(await explained({ query, variables, operationName }))}
        >
          Plan
        </button>
      </header>
      {plan && (
        <div className="calls-planned">
          <Plan {...plan} />
          <button type="button" className="graphiql-un-styled calls-close" onClick={() => setPlan(null)}>
            Hide the plan
          </button>
        </div>
      )}
      {latest ? <Last {...latest} /> : <p>Run an operation to see the vendor calls that it took.</p>}
    </div>
  )
}

function Last({ operationName, upstream, cost, milliseconds, errors }) {
  return (
    <section aria-label="Last operation" aria-live="polite">
      <p className="calls-totals">
        <b>{operationName || 'Last operation'}</b>: <Totals upstream={upstream} /> {duration(milliseconds)} to this page
        {errors > 0 && `, ${errors === 1 ? '1 error' : `${errors} errors`}`}.
      </p>
      {cost && (
        <p>
          It might have taken <b>{cost.calls}</b> of the {cost.limit} calls that are allowed.
          <meter min="0" max={cost.limit} value={cost.calls} aria-label="Cost against the limit" />
        </p>
      )}
      {upstream ? (
        <Timeline upstream={upstream} />
      ) : (
        <p>The server did not tell its vendor calls: tracing is off in the settings here, or not allowed for this token.</p>
      )}
    </section>
  )
}

function Totals({ upstream }) {
  if (!upstream) return null
  const { calls, coalesced, waves } = upstream.totals
  const shared = coalesced ? `, ${coalesced} shared` : ''
  return `${calls === 1 ? '1 call' : `${calls} calls`}${shared} in ${waves === 1 ? '1 wave' : `${waves} waves`},`
}

/** An icon for the panel's button: bars of a timeline. */
export function CallsIcon() {
  return (
    <svg viewBox="0 0 16 16" fill="currentColor" aria-hidden="true">
      <rect x="1" y="2" width="6" height="3" rx="1" />
      <rect x="4" y="6.5" width="8" height="3" rx="1" />
      <rect x="9" y="11" width="6" height="3" rx="1" />
    </svg>
  )
}
