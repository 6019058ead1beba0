/* text/stop.c - the lists, sorted by code unit. */
#include "text/stop.h"

#include <string.h>
#include <xxhash.h>

/* Function words: particles, prepositions with their pronouns, pronouns, demonstratives, كان and its kind. */
static const list_row arabic_function[] = {
    u"ابدا", u"اثنا", u"اجل", u"احد", u"احدي", u"اذ", u"اذا", u"اذاك", u"اذما", u"اذن", u"اصبح", u"اصبحت", u"اقل",
    u"اكثر", u"اكن", u"اكون", u"ال", u"الا", u"التي", u"الذي", u"الذين", u"اللاتي", u"اللايي", u"اللتان", u"اللتين",
    u"اللذان", u"اللذين", u"اللواتي", u"الي", u"اليك", u"اليكم", u"الينا", u"اليه", u"اليها", u"اليهم", u"اليهما",
    u"ام", u"اما", u"امام", u"ان", u"انا", u"انت", u"انتم", u"انتما", u"انتن", u"انذاك", u"انك", u"انكم", u"انما",
    u"اننا", u"انني", u"انه", u"انها", u"انهم", u"انهما", u"اني", u"اه", u"او", u"اوليك", u"اي", u"اياه", u"اياها",
    u"اياهم", u"ايتها", u"ايضا", u"ايما", u"اينما", u"ايه", u"ايها", u"ب", u"بات", u"باتت", u"بالتي", u"بالذي",
    u"بان", u"بانه", u"بانها", u"بانهم", u"بحيث", u"بدون", u"بذلك", u"برغم", u"بسبب", u"بعد", u"بعدما", u"بعده",
    u"بعدها", u"بعض", u"بعضا", u"بعضه", u"بعضها", u"بعضهم", u"بعضهما", u"بك", u"بكم", u"بل", u"بلي", u"بما", u"بمن",
    u"بنا", u"به", u"بها", u"بهذا", u"بهذه", u"بهم", u"بهما", u"بهن", u"بي", u"بين", u"بينما", u"بيننا", u"بينه",
    u"بينها", u"بينهم", u"بينهما", u"تحت", u"تحته", u"تزال", u"تصبح", u"تكن", u"تكون", u"تلك", u"تم", u"تمت", u"ثم",
    u"ثمه", u"جدا", u"جميع", u"حاشا", u"حتي", u"حسب", u"حول", u"حوله", u"حولها", u"حولهم", u"حيث", u"حيثما", u"حين",
    u"حينما", u"حينها", u"خلا", u"خلال", u"خلاله", u"خلالها", u"خلف", u"دون", u"ذا", u"ذات", u"ذاته", u"ذاتها",
    u"ذاك", u"ذلك", u"ذلكم", u"ذو", u"ذوات", u"ذوي", u"ذي", u"ربما", u"رغم", u"زال", u"ستتم", u"ستكون", u"سوف",
    u"سوي", u"سيتم", u"سيكون", u"سيما", u"صار", u"صارت", u"ضد", u"ضده", u"ضدها", u"ضمن", u"طالما", u"ظل", u"ظلت",
    u"عبر", u"عدا", u"عسي", u"عقب", u"علي", u"عليك", u"عليكم", u"علينا", u"عليه", u"عليها", u"عليهم", u"عليهما",
    u"عما", u"عمن", u"عن", u"عنا", u"عند", u"عندما", u"عنده", u"عندها", u"عندهم", u"عنك", u"عنه", u"عنها", u"عنهم",
    u"عنهما", u"عني", u"غير", u"غيره", u"غيرها", u"غيرهم", u"ف", u"فان", u"فقط", u"فوق", u"فوقه", u"في", u"فيما",
    u"فينا", u"فيه", u"فيها", u"فيهم", u"فيهما", u"قبل", u"قبله", u"قبلها", u"قبيل", u"قد", u"قط", u"قليلا", u"ك",
    u"كالتي", u"كالذي", u"كان", u"كانا", u"كانت", u"كانه", u"كانها", u"كانهم", u"كانوا", u"كتلك", u"كثيرا", u"كذا",
    u"كذلك", u"كل", u"كلا", u"كلتا", u"كلما", u"كله", u"كلها", u"كلهم", u"كليهما", u"كما", u"كن", u"كنا", u"كنت",
    u"كهذا", u"كهذه", u"كونه", u"كونها", u"كونهم", u"كي", u"كيلا", u"ل", u"لا", u"لات", u"لاتزال", u"لاجل",
    u"لازال", u"لاسيما", u"لان", u"لانك", u"لاننا", u"لانني", u"لانه", u"لانها", u"لانهم", u"لانهما", u"لاني",
    u"لتلك", u"لدن", u"لدي", u"لدينا", u"لديه", u"لديها", u"لديهم", u"لديهما", u"لذا", u"لذلك", u"لست", u"لسنا",
    u"لعل", u"لعله", u"لعلها", u"لقد", u"لك", u"لكم", u"لكن", u"لكننا", u"لكنني", u"لكنه", u"لكنها", u"لكنهم",
    u"لكي", u"للتي", u"للذي", u"للذين", u"لم", u"لما", u"لمن", u"لن", u"لنا", u"له", u"لها", u"لهذا", u"لهذه",
    u"لهم", u"لهما", u"لهن", u"لو", u"لولا", u"لوما", u"لي", u"ليت", u"ليس", u"ليسا", u"ليست", u"ليسوا", u"ما",
    u"مادام", u"مازال", u"مازالت", u"مثل", u"مثلا", u"مثلما", u"مثله", u"مثلها", u"مذ", u"مع", u"معك", u"معنا",
    u"معه", u"معها", u"معهم", u"معهما", u"معي", u"مما", u"ممن", u"من", u"منا", u"منذ", u"منك", u"منكم", u"منه",
    u"منها", u"منهم", u"منهما", u"منهن", u"مني", u"مهما", u"نحن", u"نحو", u"نحوه", u"نحوها", u"نعم", u"نفس",
    u"نفسه", u"نفسها", u"نكن", u"نكون", u"هاتان", u"هاتين", u"هذا", u"هذان", u"هذه", u"هذين", u"هكذا", u"هم",
    u"هما", u"هن", u"هنا", u"هناك", u"هنالك", u"هو", u"هولا", u"هي", u"هيا", u"و", u"والا", u"وان", u"ورا", u"وسط",
    u"وفق", u"وفقا", u"يا", u"يتم", u"يزال", u"يصبح", u"يصير", u"يظل", u"يكن", u"يكون", u"يكونوا", u"يكونون",
};

/* Question words. */
static const list_row arabic_question[] = {
    u"الام", u"الم", u"الن", u"اليس", u"اما", u"اني", u"اي", u"ايان", u"اين", u"اينه", u"ايه", u"ايها", u"ايهم",
    u"ايهما", u"بكم", u"بم", u"بماذا", u"علام", u"عم", u"فيم", u"كم", u"كماذا", u"كيف", u"كيفيه", u"لم", u"لماذا",
    u"لمن", u"ما", u"ماالذي", u"ماذا", u"مالذي", u"ماهو", u"ماهي", u"ماهيه", u"متي", u"مم", u"ممن", u"من", u"منذا",
    u"هل", u"هلا", u"هو", u"هي",
};

/* English. */
static const list_row english[] = {
    u"a", u"about", u"above", u"after", u"again", u"all", u"also", u"am", u"an", u"and", u"any", u"are", u"as",
    u"at", u"be", u"because", u"been", u"before", u"being", u"below", u"between", u"both", u"but", u"by", u"can",
    u"could", u"did", u"do", u"does", u"doing", u"down", u"during", u"each", u"few", u"for", u"from", u"further",
    u"had", u"has", u"have", u"having", u"he", u"her", u"here", u"hers", u"him", u"his", u"how", u"i", u"if", u"in",
    u"into", u"is", u"it", u"its", u"itself", u"just", u"me", u"more", u"most", u"my", u"no", u"nor", u"not",
    u"now", u"of", u"off", u"on", u"once", u"only", u"or", u"other", u"our", u"out", u"over", u"own", u"same",
    u"she", u"should", u"so", u"some", u"such", u"than", u"that", u"the", u"their", u"them", u"then", u"there",
    u"these", u"they", u"this", u"those", u"through", u"to", u"too", u"under", u"until", u"up", u"very", u"was",
    u"we", u"were", u"what", u"when", u"where", u"which", u"while", u"who", u"whom", u"why", u"will", u"with",
    u"would", u"you", u"your",
};

/* French, without accents. */
static const list_row french[] = {
    u"a", u"afin", u"ai", u"ainsi", u"alors", u"as", u"au", u"aucun", u"aucune", u"aussi", u"autre", u"autres",
    u"aux", u"avait", u"avant", u"avec", u"avoir", u"avons", u"ayant", u"c", u"car", u"ce", u"ceci", u"cela",
    u"celle", u"celles", u"celui", u"ces", u"cet", u"cette", u"ceux", u"chez", u"ci", u"comme", u"comment", u"d",
    u"dans", u"de", u"depuis", u"des", u"donc", u"dont", u"du", u"elle", u"elles", u"en", u"encore", u"entre",
    u"est", u"et", u"etaient", u"etait", u"etant", u"ete", u"etes", u"etre", u"eu", u"eux", u"fait", u"font",
    u"ici", u"il", u"ils", u"j", u"je", u"jusqu", u"l", u"la", u"laquelle", u"le", u"lequel", u"les", u"lesquels",
    u"leur", u"leurs", u"lors", u"lorsque", u"lui", u"m", u"ma", u"mais", u"me", u"meme", u"memes", u"mes", u"moi",
    u"mon", u"n", u"ne", u"ni", u"nos", u"notre", u"nous", u"on", u"ont", u"ou", u"par", u"parce", u"pas",
    u"pendant", u"peu", u"peut", u"plus", u"pour", u"pourquoi", u"qu", u"quand", u"que", u"quel", u"quelle",
    u"quelles", u"quels", u"qui", u"quoi", u"s", u"sa", u"sans", u"sauf", u"se", u"selon", u"sera", u"ses", u"si",
    u"son", u"sont", u"sous", u"sur", u"t", u"ta", u"te", u"tes", u"toi", u"ton", u"tous", u"tout", u"toute",
    u"toutes", u"tres", u"tu", u"un", u"une", u"vers", u"voici", u"voila", u"vos", u"votre", u"vous", u"y",
};

#define HAS(list, key, n) list_match(list, sizeof list / sizeof *list, key, n, 0)

static int is_arabic_stop(const uint16_t *key, size_t n)
{
    return HAS(arabic_function, key, n) || HAS(arabic_question, key, n);
}

int fihi_stop_arabic(const struct word *w, size_t *clitic)
{
    static const char16_t understanding[] = u"فهم";      /* hardly ever ف + هم */

    *clitic = 0;
    if (w->n == 0 || w->n > LIST_ROW)
        return 0;
    if (is_arabic_stop(w->letter, w->n))
        return 1;
    if ((w->letter[0] != u'و' && w->letter[0] != u'ف') || w->n < 3 ||
        (w->n == 3 && memcmp(w->letter, understanding, 3 * sizeof *understanding) == 0) ||
        (w->n == 4 && (w->was[3] & WAS_LONG)))             /* وكلاء, agents, is not و + كلا */
        return 0;
    *clitic = 1;
    return is_arabic_stop(w->letter + 1, w->n - 1);
}

int fihi_stop_latin(const uint8_t *s, size_t n)
{
    uint16_t key[LIST_ROW];

    if (n == 0 || n > LIST_ROW)
        return 0;
    for (size_t i = 0; i < n; i++)
        key[i] = s[i];
    return HAS(english, key, n) || HAS(french, key, n);
}

static const struct list lists[] = { LIST(arabic_function), LIST(arabic_question), LIST(english), LIST(french) };

const list_row *fihi_stop_list(unsigned which, size_t *count)
{
    return list_at(lists, sizeof lists / sizeof *lists, which, count);
}

uint64_t fihi_stop_hash(void)
{
    uint64_t h = XXH3_64bits(arabic_function, sizeof arabic_function);

    h = XXH3_64bits_withSeed(arabic_question, sizeof arabic_question, h);
    h = XXH3_64bits_withSeed(english, sizeof english, h);
    return XXH3_64bits_withSeed(french, sizeof french, h);
}
