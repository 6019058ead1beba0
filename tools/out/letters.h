/* letters.h - letters that a text has as character references, for people: &#1608;&#1586; is shown as وز. */
#ifndef FIHRIST_LETTERS_H
#define FIHRIST_LETTERS_H

#include "fihrist.h"

/* *s with the letters, marks and digits that its references mean; others stay. Returns what is to be freed when *s has
 * been used, NULL where it is as it was (also without memory). */
char *letters_resolved(fih_str *s);

#endif
