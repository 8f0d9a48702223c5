/** How much of something is done, 0 to 1. */
export function ProgressBar(props: { label: string; part: number }) {
  const percent = () => Math.round(props.part * 100)
  return (
    <div
      class="progress-bar"
      role="progressbar"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent()}
    >
      <span style={{ width: `${percent()}%` }} />
    </div>
  )
}
