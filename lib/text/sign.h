/* text/sign.h - signs that stand for a formula: ﷽ is بسم الله الرحمن الرحيم.
 *
 * Layer: text.
 */
#ifndef FIHI_TEXT_SIGN_H
#define FIHI_TEXT_SIGN_H

#include <stdint.h>
#include <uchar.h>

/* The words of a sign, with a space between them; NULL for what is none. */
const char16_t *fihi_sign_words(uint32_t cp);

#endif
