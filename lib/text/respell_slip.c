/* text/respell_slip.c - how much was mistaken in typing a word.
 *
 * The restricted Damerau-Levenshtein distance (Damerau 1964; optimal string alignment) with a cost for each kind of
 * mistake. They follow what people confuse: letters of one sound (ض ظ), of one shape but for its dots (ج ح), long
 * vowels and the seats of hamza, neighbours on the keyboard; a letter typed twice is less than one that is strange.
 *
 *    ظابط for ضابط     ض and ظ have one sound: 36          of 75 that a word of four letters may have
 *    حوكمه for حكومه   two letters swapped: 70             of 110
 *    رابط for ضابط     a strange letter, the first: 160    too much
 *
 * It is run for many words of an index, so cheap limits stand before it: lengths, and sets of letters. Three rows of
 * the table are enough, as a swap looks two rows back; it ends as soon as two rows in turn have nothing below `most`.
 */
#include "text/respell.h"

enum {
    HAMZA = 0x621, ALEF = 0x627, JEEM = 0x62C, WAW = 0x648, YEH = 0x64A,
    HAMZA_COST = RESPELL_CHEAPEST, SOUND_COST = 36, LOAN_COST = 50, SEAT_COST = 45, SHAPE_COST = 65, KEY_COST = 70,
    VOWEL_COST = 80, OTHER_COST = 130,
    TWICE_COST = 40, LONG_COST = 65, LETTER_COST = 80, STRANGE_COST = 95, SWAP_COST = 70, FIRST_COST = 30,
    SHORTER_COST = 30                  /* of a word of four letters, of which three are no more than many others */
};

struct traits {
    uint8_t sound, shape;              /* groups; 0: none */
    uint8_t row, column;               /* of its key, from 1 */
    uint8_t other;                     /* column of another one in the third row: ة ؤ ى are ه و ي */
};

/* U+0627 to U+063A and U+0641 to U+064A, as N has them. ذ has no key in these rows (0, 0), and shape 0 is a letter like
 * no other. Sounds: 1 ت ث ط, 2 ج غ ق ك, 3 د ذ ز, 4 س ص, 5 ض ظ, 7 ح ه. Shapes: 1 ب ت ث ن ي, 2 ج ح خ, 3 د ذ, 4 ر ز, 5 س
 * ش, 6 ص ض, 7 ط ظ, 8 ع غ, 9 ف ق. */
static const struct traits arabic[] = {
    [0x627 - HAMZA] = {0, 0, 2, 6, 0},  [0x628 - HAMZA] = {0, 1, 2, 4, 0},  [0x62A - HAMZA] = {1, 1, 2, 7, 0},
    [0x62B - HAMZA] = {1, 1, 1, 3, 0},  [0x62C - HAMZA] = {2, 2, 1, 11, 0}, [0x62D - HAMZA] = {7, 2, 1, 10, 0},
    [0x62E - HAMZA] = {0, 2, 1, 9, 0},  [0x62F - HAMZA] = {3, 3, 1, 12, 0}, [0x630 - HAMZA] = {3, 3, 0, 0, 0},
    [0x631 - HAMZA] = {0, 4, 3, 4, 0},  [0x632 - HAMZA] = {3, 4, 3, 9, 0},  [0x633 - HAMZA] = {4, 5, 2, 2, 0},
    [0x634 - HAMZA] = {0, 5, 2, 1, 0},  [0x635 - HAMZA] = {4, 6, 1, 2, 0},  [0x636 - HAMZA] = {5, 6, 1, 1, 0},
    [0x637 - HAMZA] = {1, 7, 2, 11, 0}, [0x638 - HAMZA] = {5, 7, 3, 10, 0}, [0x639 - HAMZA] = {0, 8, 1, 7, 0},
    [0x63A - HAMZA] = {2, 8, 1, 6, 0},  [0x641 - HAMZA] = {0, 9, 1, 5, 0},  [0x642 - HAMZA] = {2, 9, 1, 4, 0},
    [0x643 - HAMZA] = {2, 0, 2, 10, 0}, [0x644 - HAMZA] = {0, 0, 2, 5, 0},  [0x645 - HAMZA] = {0, 0, 2, 9, 0},
    [0x646 - HAMZA] = {0, 1, 2, 8, 0},  [0x647 - HAMZA] = {7, 0, 1, 8, 7},
    [0x648 - HAMZA] = {0, 0, 3, 8, 3}, [0x64A - HAMZA] = {0, 1, 2, 3, 6},
};

/* From QWERTY. */
static const uint8_t latin_keys[26][2] = {
    {2, 1}, {3, 5}, {3, 3}, {2, 3}, {1, 3}, {2, 4}, {2, 5}, {2, 6}, {1, 8}, {2, 7}, {2, 8}, {2, 9}, {3, 7},
    {3, 6}, {1, 9}, {1, 10}, {1, 1}, {1, 4}, {2, 2}, {1, 5}, {1, 7}, {3, 4}, {1, 2}, {3, 2}, {1, 6}, {3, 1},
};

/* Others have none: they are neighbours of nothing. */
static struct traits traits_of(uint32_t c)
{
    if (c >= HAMZA && c - HAMZA < sizeof arabic / sizeof *arabic)
        return arabic[c - HAMZA];
    if (c >= 'a' && c <= 'z')
        return (struct traits){0, 0, latin_keys[c - 'a'][0], latin_keys[c - 'a'][1], 0};
    return (struct traits){0};
}

/* Letters of vowels, which people hear less surely than consonants; of both scripts. */
static bool is_long(uint32_t c)
{
    return c == ALEF || c == WAW || c == YEH || c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y';
}

/* Row and column differ by one at most, the slanted neighbours too. 0 is no key. */
static bool is_beside(unsigned row, unsigned column, unsigned other_row, unsigned other_column)
{
    return row && other_row && column && other_column && row + 1 >= other_row && other_row + 1 >= row &&
           column + 1 >= other_column && other_column + 1 >= column;
}

/* With the other place of each: ي may have been meant for ى, which lies in the third row. */
static bool are_neighbours(struct traits x, struct traits y)
{
    return is_beside(x.row, x.column, y.row, y.column) || is_beside(3, x.other, y.row, y.column) ||
           is_beside(x.row, x.column, 3, y.other) || is_beside(3, x.other, 3, y.other);
}

/* From what is confused most to what is not: the first that fits is the cheapest. */
static unsigned change_cost(uint32_t a, uint32_t b)
{
    const struct traits x = traits_of(a), y = traits_of(b);

    if ((a == HAMZA && is_long(b)) || (b == HAMZA && is_long(a)))
        return HAMZA_COST;
    if (x.sound && x.sound == y.sound)
        return a == JEEM || b == JEEM ? LOAN_COST : SOUND_COST;
    if ((a == WAW && b == YEH) || (a == YEH && b == WAW))
        return SEAT_COST;
    if (x.shape && x.shape == y.shape)
        return SHAPE_COST;
    if (are_neighbours(x, y))
        return KEY_COST;
    return is_long(a) && is_long(b) ? VOWEL_COST : OTHER_COST;
}

/* Then it is a slip of the finger, whichever of the two is taken for it. */
static bool is_twice(const struct letters *w, unsigned i)
{
    return (i > 0 && w->at[i - 1] == w->at[i]) || (i + 1 < w->count && w->at[i + 1] == w->at[i]);
}

/* A letter of the word that was meant was left out. The first letter is seldom left out: that costs more. */
static unsigned left_out_cost(const struct letters *w, unsigned i)
{
    if (w->at[i] == HAMZA)
        return HAMZA_COST;
    return is_twice(w, i) ? TWICE_COST : (is_long(w->at[i]) ? LONG_COST : LETTER_COST) + (i == 0 ? FIRST_COST : 0);
}

/* A letter of what was typed is too much: more likely if the finger touched a neighbour of what is before or behind. */
static unsigned put_in_cost(const struct letters *w, unsigned i)
{
    const struct traits t = traits_of(w->at[i]);

    if (w->at[i] == HAMZA || is_twice(w, i))
        return w->at[i] == HAMZA ? HAMZA_COST : TWICE_COST;
    if ((i > 0 && are_neighbours(t, traits_of(w->at[i - 1]))) ||
        (i + 1 < w->count && are_neighbours(t, traits_of(w->at[i + 1]))))
        return KEY_COST;
    return (is_long(w->at[i]) ? VOWEL_COST : STRANGE_COST) + (i == 0 ? FIRST_COST : 0);
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* last[k + 1] is the least for what was meant so far and k + 1 letters typed. */
unsigned fihi_respell_slip(const struct letters *typed, const struct letters *meant, unsigned most)
{
    /* On the stack: three rows of 41 numbers. */
    unsigned rows[3][RESPELL_LETTERS + 1], *before = rows[0], *last = rows[1], *row = rows[2];
    const unsigned m = typed->count, n = meant->count;
    unsigned best_before = 0, shorter = m < 5 && n < m ? SHORTER_COST : 0;

    if (shorter > most)
        return RESPELL_NEVER;
    /* What is left for the letters; the sum is put together again at the end. */
    most -= shorter;

    if ((m > n ? m - n : n - m) * RESPELL_CHEAPEST > most || !slip_may_be(typed, meant->set, most) ||
        !slip_may_be(meant, typed->set, most))
        return RESPELL_NEVER;
    /* Nothing meant yet: all that was typed so far is too much. */
    last[0] = 0;
    for (unsigned k = 0; k < m; k++)
        last[k + 1] = last[k] + put_in_cost(typed, k);
    for (unsigned i = 0; i < n; i++) {
        /* The same for each column of the row. */
        const unsigned left_out = left_out_cost(meant, i);
        unsigned best = row[0] = last[0] + left_out;

        for (unsigned k = 0; k < m; k++) {
            const uint32_t a = typed->at[k], b = meant->at[i];
            const unsigned change = a == b ? 0 : change_cost(a, b);
            unsigned cost = last[k] + change + (k == 0 && change > SOUND_COST ? FIRST_COST : 0);

            /* The three ways of any edit distance: change, left out, put in. */
            cost = least(cost, least(last[k + 1] + left_out, row[k] + put_in_cost(typed, k)));
            if (i > 0 && k > 0 && a == meant->at[i - 1] && b == typed->at[k - 1] && a != b)
                cost = least(cost, before[k - 1] + SWAP_COST);
            row[k + 1] = cost;
            best = least(best, cost);
        }
        /* Two rows, for a swap may jump over one. */
        if (best > most && best_before > most)
            return RESPELL_NEVER;
        best_before = best;
        unsigned *const free_row = before;
        before = last;
        last = row;
        row = free_row;
    }
    return last[m] <= most ? last[m] + shorter : RESPELL_NEVER;
}

/* Words of one or two letters are all near each other: none may be mistaken. */
unsigned fihi_respell_slip_most(unsigned letters)
{
    static const uint8_t most[] = {0, 0, 0, 45, 75, 110, 135, 150};

    return letters < sizeof most ? most[letters] : 170;
}
