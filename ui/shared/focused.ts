/* The field of a form that somebody opens has the keyboard at once. `autofocus` takes it only where nothing has it yet. */

/** An attachment: the element takes the keyboard when it comes. */
export function focused(element: HTMLElement): void {
  element.focus();
}
