/* Card numbers are struck out as they are saved: at most six of nineteen digits stay, and at least nine go. */

/** Whether a card number was struck out of the text. */
export const isStruck = (text: string): boolean => /(?:•[\s-]{0,2}){9,}/u.test(text);
