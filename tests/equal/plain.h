/* plain.h - included before all else in second copies of files of lib/, which so get other names and plain look-ups.
 *
 * A copy does what its file does, word for word, but what it asks for it finds in other ways: lists and the lexicon by
 * a map of whole words (maps.c) in place of halving and filters, stems of verbs past a filter that lets all through. So
 * the two chains differ in nothing but these, and must have the same terms.
 */
#ifndef PLAIN_H
#define PLAIN_H

#define fihi_chain_cut plain_chain_cut
#define fihi_chain_run plain_chain_run
#define fihi_chain_fold plain_chain_fold
#define fihi_chain_name plain_chain_name
#define fihi_chain_may_be_name plain_chain_may_be_name
#define fihi_chain_is_plain plain_chain_is_plain
#define fihi_chain_is_clitic plain_chain_is_clitic
#define fihi_chain_is_initials plain_chain_is_initials
#define fihi_chain_initials plain_chain_initials
#define fihi_chain_fold_initials plain_chain_fold_initials
#define fihi_chain_other plain_chain_other
#define fihi_drawn_spellings plain_drawn_spellings
#define fihi_drawn_spell plain_drawn_spell
#define fihi_drawn_other plain_drawn_other
#define fihi_stem_clitics plain_stem_clitics
#define fihi_stem_clitic_letters plain_stem_clitic_letters
#define fihi_stem_endings plain_stem_endings
#define fihi_stem_strength plain_stem_strength
#define fihi_stem_root plain_stem_root
#define fihi_stem_drop_first plain_stem_drop_first
#define fihi_stem_snowball plain_stem_snowball
#define fihi_stem_snowball_hash plain_stem_snowball_hash
#define fihi_stem_hash plain_stem_hash
#define fihi_stem_suffixes plain_stem_suffixes
#define fihi_stem_note plain_stem_note
#define fihi_stem_row plain_stem_row
#define fihi_stem_closed plain_stem_closed
#define fihi_stem_is_short_noun plain_stem_is_short_noun
#define fihi_stop_find plain_stop_find
#define fihi_stop_arabic plain_stop_arabic
#define fihi_stop_latin plain_stop_latin
#define fihi_stop_is_noun plain_stop_is_noun
#define fihi_stop_name plain_stop_name
#define fihi_stop_hash plain_stop_hash
#define fihi_stop_list plain_stop_list
#define fihi_stop_rows plain_stop_rows
#define fihi_said_has plain_said_has
#define fihi_said_is_other plain_said_is_other
#define fihi_said_hash plain_said_hash
#define fihi_said_list plain_said_list
#define fihi_verb_read plain_verb_read
#define fihi_verb_is_told plain_verb_is_told
#define fihi_verb_is_short plain_verb_is_short
#define fihi_verb_is_believed plain_verb_is_believed
#define fihi_verb_is_commoner plain_verb_is_commoner
#define fihi_verb_is_key plain_verb_is_key
#define fihi_verb_is_past plain_verb_is_past
#define fihi_verb_take plain_verb_take
#define fihi_verb_hash plain_verb_hash_of_tables
#define fihi_verb_list plain_verb_list
#define fihi_clean plain_clean
#define fihi_cuts_add plain_cuts_add
#define fihi_cuts_free plain_cuts_free
#define fihi_clean_reason plain_clean_reason
#define fihi_reference_at plain_reference_at
#define fihi_reference_resolve plain_reference_resolve

/* The look-ups: declared by the headers, or here; they are in maps.c. */
#define fihi_lexicon_find plain_lexicon_find
#define fihi_verbs (*plain_verbs)
#include "text/list.h"
#include "text/verb.h"
bool plain_list_has(const struct list *l, const uint16_t *key, size_t n, uint64_t hash);
bool plain_list_may_have(const uint8_t *filter, size_t bytes, uint64_t hash);
size_t plain_verb_hash(uint64_t letters);
#define list_has plain_list_has
#define list_may_have plain_list_may_have
#define verb_hash plain_verb_hash

#endif
