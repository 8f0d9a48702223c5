import { type ComponentProps, lazy, Suspense } from 'solid-js'

const EmojiPicker = lazy(() => import('./EmojiPicker.tsx'))

/** The picker, fetched when first wanted while the page stays as it is. */
export function LazyEmojiPicker(props: ComponentProps<typeof EmojiPicker>) {
  return (
    <Suspense>
      <EmojiPicker {...props} />
    </Suspense>
  )
}
