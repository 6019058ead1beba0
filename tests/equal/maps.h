/* maps.h - what the second copies of lib/'s files are asked and ask: plain.h. */
#ifndef MAPS_H
#define MAPS_H

#include "text/chain.h"
#include "text/lexicon.h"
#include "text/list.h"
#include "text/verb.h"

/* Of the copies. */
int plain_chain_run(struct chain *c, const uint8_t *s, size_t n, struct trace *t, size_t wanted);
size_t open_next_sign(const uint8_t *s, size_t i, size_t n);
bool open_is_sign(uint8_t b);
uint32_t open_find_name(const uint8_t *s, size_t n);
/* Does the index of stems lead to the first row of these letters? */
bool open_has_stem(const uint16_t *s, size_t n);
const char *open_name(size_t i, uint32_t *character);

/* By a map of whole words, made of the rows when it is first asked for. */
bool plain_list_has(const struct list *l, const uint16_t *key, size_t n, uint64_t hash);
/* Yes: no filter. */
bool plain_list_may_have(const uint8_t *filter, size_t bytes, uint64_t hash);
const struct lexeme *plain_lexicon_find(const struct lexicon *l, const uint16_t *s, size_t n);
/* Which slots any verb has a stem of these letters in, leaving hamzas aside. */
unsigned plain_verb_slots(const uint16_t *s, size_t n);

/* The table of verbs with a filter that lets everything through; if `by_turns`, stems are found by looking at one after
 * the other. */
extern const struct verb_table *plain_verbs;
void plain_verbs_use(bool by_turns);
size_t plain_verb_hash(uint64_t letters);

void maps_free(void);

#endif
