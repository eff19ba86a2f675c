/** What an operation may take before it runs: the plan that `"extensions": {"explain": true}` gives. */
export function Plan({ plan, errors }) {
  if (!plan) return <p role="alert">{errors?.[0]?.message ?? 'The server gave no plan.'}</p>
  return (
    <section aria-label="Plan">
      <p>
        At most <b>{plan.calls}</b> of {plan.limit} calls in {plan.waves} {plan.waves === 1 ? 'wave' : 'waves'}
        {plan.isAllowed ? '.' : ': more than is allowed.'}
      </p>
      {plan.steps.map(({ wave, calls }) => (
        <table key={wave} className="calls-plan">
          <caption>Wave {wave}</caption>
          <thead>
            <tr>
              <th scope="col">Vendor</th>
              <th scope="col">Operation</th>
              <th scope="col">At most</th>
            </tr>
          </thead>
          <tbody>
            {calls.map(({ provider, operation, atMost, batch, paths }) => (
              <tr key={provider + operation + batch} title={paths.join('\n')}>
                <td className={`calls-${provider.toLowerCase()}`}>{provider.toLowerCase()}</td>
                <td>{operation}</td>
                <td>{batch ? `${atMost} (${batch} a call)` : atMost}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </section>
  )
}
