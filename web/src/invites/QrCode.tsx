import { createMemo } from 'solid-js'
import { encode } from 'uqr'

/** A link as a square for a camera: dark on light, as readers expect it. */
export function QrCode(props: { text: string; label: string }) {
  const code = createMemo(() => encode(props.text, { border: 2, ecc: 'M' }))
  const path = () =>
    code()
      .data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')))
      .join('')
  return (
    <svg
      class="qr-code"
      role="img"
      aria-label={props.label}
      viewBox={`0 0 ${code().size} ${code().size}`}
      shape-rendering="crispEdges"
    >
      <path d={path()} />
    </svg>
  )
}
