// Where the bars of a timeline stand. Times are milliseconds; `left` and `width` are percent of the whole.

const LEAST = 0.6 // percent: a bar that can still be seen

/** Calls in the order in which they started, by wave. */
export function waves({ calls }) {
  const end = Math.max(1, ...calls.map((call) => call.startedMs + call.ms))
  const found = new Map()
  for (const call of calls) {
    const left = (100 * call.startedMs) / end
    const width = Math.min(Math.max((100 * call.ms) / end, LEAST), 100 - left)
    const wave = found.get(call.wave) ?? []
    found.set(call.wave, [...wave, { ...call, left, width }])
  }
  return { end, waves: [...found].sort(([one], [other]) => one - other).map(([number, bars]) => ({ number, bars })) }
}

/** What is unusual about a call, in a word each. */
export function remarks(call) {
  return [
    call.token && 'token',
    call.coalesced && 'shared',
    call.attempts > 1 && `tried ${call.attempts} times`,
    call.error,
  ].filter(Boolean)
}

/** Milliseconds as a person reads them. */
export function duration(ms) {
  return ms < 10 ? `${ms.toFixed(1)} ms` : ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`
}
