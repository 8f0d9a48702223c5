/**
 * Make these the children of a parent, in their order, without moving one that
 * stays: an element that is moved loses the focus and stops playing. Those that
 * stay must have kept their order.
 */
export function arrange(parent: Element, children: readonly Element[]): void {
  const wanted = new Set(children)
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove()
  let cursor = parent.firstElementChild
  for (const child of children) {
    if (child === cursor) cursor = cursor.nextElementSibling
    else parent.insertBefore(child, cursor)
  }
}
