/** The mark of Beseda: a bubble with a voice in it. */
export function Logo(props: { size: number }) {
  return <img src="/favicon.svg" width={props.size} height={props.size} alt="" draggable={false} />
}
