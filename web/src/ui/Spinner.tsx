import './Spinner.css'

/** A turning ring; whoever shows it says in words what is awaited. */
export function Spinner(props: { size?: number | undefined }) {
  return (
    <svg
      class="spinner"
      viewBox="0 0 24 24"
      aria-hidden="true"
      style={{ width: `${props.size ?? 18}px`, height: `${props.size ?? 18}px` }}
    >
      <circle cx="12" cy="12" r="9" class="spinner__track" />
      <path d="M12 3a9 9 0 0 1 9 9" class="spinner__arc" />
    </svg>
  )
}
