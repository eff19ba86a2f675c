import { duration, remarks, waves } from './timeline'

/** A bar for each vendor call, wave by wave. */
export function Timeline({ upstream }) {
  const { end, waves: found } = waves(upstream)
  return (
    <ol className="calls-waves" aria-label="Waves of vendor calls">
      {found.map(({ number, bars }) => (
        <li key={number}>
          <h3>
            Wave {number} <small>{bars.length === 1 ? '1 call' : `${bars.length} calls`}</small>
          </h3>
          <ul>
            {bars.map((bar, place) => (
              <Bar key={place} {...bar} />
            ))}
          </ul>
        </li>
      ))}
      <li className="calls-axis" aria-hidden="true">
        <span>0</span>
        <span>{duration(end)}</span>
      </li>
    </ol>
  )
}

function Bar(call) {
  const { provider, operation, method, path, status, ms, left, width } = call
  const said = remarks(call)
  return (
    <li className={`calls-call${call.error ? ' is-failed' : ''}`} title={`${method} ${path}`}>
      <span className="calls-name">
        <b className={`calls-${provider.toLowerCase()}`}>{provider.toLowerCase()}</b> {operation}
      </span>
      <span className="calls-figures">
        <span className="calls-status">{status ?? 'no answer'}</span> {duration(ms)}
        {said.map((word) => (
          <em key={word}>{word}</em>
        ))}
      </span>
      <span className="calls-track" aria-hidden="true">
        <span
          className={`calls-bar calls-${provider.toLowerCase()}${call.coalesced ? ' is-shared' : ''}`}
          style={{ left: `${left}%`, width: `${width}%` }}
        />
      </span>
    </li>
  )
}
