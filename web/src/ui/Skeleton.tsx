import './Skeleton.css'

/** A breathing placeholder for something that is on its way. */
export function Skeleton(props: {
  width?: string | undefined
  height?: string | undefined
  round?: boolean | undefined
}) {
  return (
    <span
      class="skeleton"
      classList={{ 'skeleton--round': props.round }}
      aria-hidden="true"
      style={{ width: props.width ?? '100%', height: props.height ?? '0.875rem' }}
    />
  )
}
