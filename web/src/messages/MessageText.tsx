import './MessageText.css'
import { createMemo, createSignal, For, type JSX, Match, Switch } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import type { Inline } from './inline.ts'
import { type Block, parseMarkdown } from './markdown.ts'

/** A message's body as nodes of the page; its text is never read as HTML. */
export function MessageText(props: {
  text: string
  /** Whether anybody is mentioned: `@name` of nobody is plain text. */
  mentions: boolean
  /** The reader's username, when the message mentions them. */
  mentionsSelf: string | null
}) {
  const blocks = createMemo(() => parseMarkdown(props.text))
  const inline = (nodes: Inline[]): JSX.Element => (
    <For each={nodes}>
      {(node) => (
        <InlineView
          node={node}
          inline={inline}
          mentions={props.mentions}
          self={props.mentionsSelf}
        />
      )}
    </For>
  )
  return <For each={blocks()}>{(block) => <BlockView block={block} inline={inline} />}</For>
}

type Nested = (nodes: Inline[]) => JSX.Element

function BlockView(props: { block: Block; inline: Nested }): JSX.Element {
  const { block } = props
  switch (block.kind) {
    case 'paragraph':
      return <p class="message-text__paragraph">{props.inline(block.children)}</p>
    case 'quote':
      return <blockquote class="message-text__quote">{props.inline(block.children)}</blockquote>
    case 'list':
      return (
        <ul class="message-text__list">
          <For each={block.items}>{(item) => <li>{props.inline(item)}</li>}</For>
        </ul>
      )
    case 'code':
      return (
        <pre class="message-text__code">
          <code>{block.text}</code>
        </pre>
      )
  }
}

function InlineView(props: {
  node: Inline
  inline: Nested
  mentions: boolean
  self: string | null
}): JSX.Element {
  const { node } = props
  switch (node.kind) {
    case 'text':
      return node.text
    case 'code':
      return <code class="message-text__inline-code">{node.text}</code>
    case 'link':
      return (
        <a href={node.href} target="_blank" rel="noopener noreferrer nofollow">
          {node.text}
        </a>
      )
    case 'mention':
      return (
        <Switch fallback={node.text}>
          <Match when={props.self === node.username}>
            <mark class="message-text__mention message-text__mention--self">{node.text}</mark>
          </Match>
          <Match when={props.mentions}>
            <span class="message-text__mention">{node.text}</span>
          </Match>
        </Switch>
      )
    case 'bold':
      return <strong>{props.inline(node.children)}</strong>
    case 'italic':
      return <em>{props.inline(node.children)}</em>
    case 'strike':
      return <s>{props.inline(node.children)}</s>
    case 'spoiler':
      return <Spoiler>{props.inline(node.children)}</Spoiler>
  }
}

/** Hidden until it is pressed. */
function Spoiler(props: { children: JSX.Element }) {
  const { t } = useI18n()
  const [shown, setShown] = createSignal(false)
  return (
    <Switch>
      <Match when={shown()}>
        <span>{props.children}</span>
      </Match>
      <Match when={!shown()}>
        <button
          type="button"
          class="message-text__spoiler"
          aria-label={t().messages.spoiler}
          onClick={() => setShown(true)}
        >
          <span aria-hidden="true" inert>
            {props.children}
          </span>
        </button>
      </Match>
    </Switch>
  )
}
