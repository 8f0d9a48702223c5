import './FileName.css'
import { splitName } from './file-name.ts'

/** A file's name on one line: a long one loses its middle, never its extension. */
export function FileName(props: { name: string }) {
  const parts = () => splitName(props.name)
  return (
    <bdi class="file-name" title={props.name}>
      <span class="file-name__stem">{parts().stem}</span>
      <span class="file-name__extension">{parts().extension}</span>
    </bdi>
  )
}
