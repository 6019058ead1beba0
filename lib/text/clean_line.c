/* text/clean_line.c - lines that belong to the page and not to its text: share bars, footers, notices, adverts. */
#include <string.h>

#include "base/bytes.h"
#include "text/clean_part.h"

/* What a word can be on such a line; bits, for a word can be several. */
enum {
    W_NET = 1,                /* a network: Facebook, واتساب */
    W_SHARE = 2,              /* share, print, copy the link */
    W_FILL = 4,               /* between them: this article, on, by */
    W_SOURCE = 8,             /* المصدر */
    W_AGO = 16,
    W_UNIT = 32,              /* of time */
    W_READS = 64,             /* readings, views */
    W_BUTTON = 128,           /* print: enough alone */
    W_DATED = 256,            /* last update, published */
    W_ADVERT = 512,
    W_AD_FILL = 1024,         /* space, content, sponsored */
    W_COMMENT = 2048,
    W_NUMBER = 4096,
    W_ALONE = 8192,           /* one word that says it all: two readings */
    W_STARTS = 16384,         /* W_FILL that a footer can begin with: last (update), time (to read) */
    W_OPENS = 32768           /* the first word of some of `openings` */
};

struct entry {
    char     word[24];        /* padded with zeros: look_up() compares 8 bytes at once */
    uint32_t kinds;
};

/* Sorted by bytes, as folded by next_word(): lower case, no vowels, alefs without hamza, ة as ه, ى as ي. */
static const struct entry known_words[] = {
    {"a", W_FILL | W_OPENS}, {"abonnez", W_OPENS}, {"accept", W_OPENS}, {"accepter", W_OPENS},
    {"add", W_FILL | W_STARTS}, {"ads", W_ADVERT}, {"advert", W_ADVERT}, {"advertisement", W_ADVERT},
    {"advertisements", W_ADVERT}, {"advertising", W_ADVERT}, {"ago", W_AGO}, {"ajouter", W_FILL}, {"all", W_OPENS},
    {"also", W_OPENS}, {"am", W_FILL}, {"amis", W_FILL}, {"an", W_UNIT}, {"annonce", W_ADVERT},
    {"annonces", W_ADVERT}, {"année", W_UNIT}, {"années", W_UNIT}, {"ans", W_UNIT}, {"août", W_FILL},
    {"april", W_FILL}, {"article", W_FILL}, {"articles", W_OPENS}, {"at", W_FILL}, {"au", W_FILL},
    {"aucun", W_FILL | W_STARTS}, {"august", W_FILL}, {"avec", W_FILL}, {"avril", W_FILL}, {"by", W_FILL | W_OPENS},
    {"ce", W_OPENS}, {"cet", W_FILL}, {"cette", W_FILL}, {"click", W_OPENS}, {"cliquez", W_OPENS},
    {"comment", W_COMMENT}, {"commentaire", W_COMMENT}, {"commentaires", W_COMMENT}, {"comments", W_COMMENT},
    {"content", W_AD_FILL}, {"contenu", W_AD_FILL}, {"cookie", W_OPENS}, {"cookies", W_OPENS},
    {"copier", W_FILL | W_STARTS}, {"copy", W_FILL | W_STARTS}, {"copyright", W_OPENS}, {"courriel", W_SHARE},
    {"d", W_FILL}, {"date", W_FILL}, {"day", W_UNIT}, {"days", W_UNIT}, {"de", W_FILL}, {"december", W_FILL},
    {"dimanche", W_FILL}, {"du", W_FILL}, {"décembre", W_FILL}, {"email", W_SHARE}, {"en", W_OPENS},
    {"facebook", W_NET}, {"fb", W_NET}, {"february", W_FILL}, {"follow", W_OPENS}, {"friday", W_FILL},
    {"février", W_FILL}, {"gmt", W_FILL}, {"google", W_NET}, {"gérer", W_OPENS}, {"h", W_FILL}, {"heure", W_UNIT},
    {"heures", W_UNIT}, {"hour", W_UNIT}, {"hours", W_UNIT}, {"il", W_AGO}, {"imprimer", W_BUTTON}, {"in", W_FILL},
    {"inscrivez", W_OPENS}, {"instagram", W_NET}, {"january", W_FILL}, {"janvier", W_FILL}, {"jeudi", W_FILL},
    {"jour", W_UNIT}, {"jours", W_UNIT}, {"juillet", W_FILL}, {"juin", W_FILL}, {"july", W_FILL}, {"june", W_FILL},
    {"l", W_FILL}, {"la", W_FILL}, {"laisser", W_FILL | W_OPENS}, {"last", W_FILL | W_STARTS}, {"le", W_FILL},
    {"leave", W_FILL | W_STARTS | W_OPENS}, {"lecture", W_READS}, {"lectures", W_READS}, {"les", W_FILL | W_OPENS},
    {"lien", W_FILL}, {"link", W_FILL}, {"linkedin", W_NET}, {"lire", W_OPENS}, {"lundi", W_FILL}, {"mai", W_FILL},
    {"manage", W_OPENS}, {"march", W_FILL}, {"mardi", W_FILL}, {"mars", W_FILL}, {"may", W_FILL},
    {"mercredi", W_FILL}, {"messenger", W_NET}, {"min", W_UNIT}, {"mins", W_UNIT}, {"minute", W_UNIT},
    {"minutes", W_UNIT}, {"mis", W_FILL | W_STARTS}, {"mois", W_UNIT}, {"monday", W_FILL}, {"month", W_UNIT},
    {"months", W_UNIT}, {"most", W_OPENS}, {"no", W_FILL | W_STARTS}, {"notre", W_OPENS}, {"nous", W_OPENS},
    {"november", W_FILL}, {"novembre", W_FILL}, {"october", W_FILL}, {"octobre", W_FILL}, {"of", W_FILL},
    {"on", W_FILL}, {"our", W_FILL | W_OPENS}, {"page", W_FILL}, {"paid", W_AD_FILL}, {"par", W_FILL},
    {"paramètres", W_OPENS}, {"partage", W_SHARE}, {"partager", W_SHARE}, {"partagez", W_SHARE}, {"pinterest", W_NET},
    {"plus", W_FILL}, {"pm", W_FILL}, {"politique", W_OPENS}, {"post", W_FILL}, {"posted", W_DATED},
    {"print", W_BUTTON}, {"publicite", W_ADVERT}, {"publicité", W_ADVERT}, {"published", W_DATED},
    {"publié", W_DATED}, {"publiée", W_DATED}, {"read", W_READS | W_OPENS}, {"reading", W_READS}, {"reads", W_READS},
    {"recommended", W_OPENS}, {"reddit", W_NET}, {"related", W_OPENS}, {"reply", W_COMMENT}, {"retweet", W_SHARE},
    {"samedi", W_FILL}, {"saturday", W_FILL}, {"second", W_UNIT}, {"seconde", W_UNIT}, {"secondes", W_UNIT},
    {"seconds", W_UNIT}, {"semaine", W_UNIT}, {"semaines", W_UNIT}, {"september", W_FILL}, {"septembre", W_FILL},
    {"share", W_SHARE}, {"sign", W_OPENS}, {"skype", W_NET}, {"snapchat", W_NET}, {"source", W_SOURCE},
    {"sources", W_SOURCE}, {"sponsored", W_ADVERT}, {"sponsorisé", W_ADVERT}, {"story", W_FILL},
    {"subscribe", W_OPENS}, {"suivez", W_OPENS}, {"sunday", W_FILL}, {"sur", W_FILL | W_OPENS}, {"telegram", W_NET},
    {"temps", W_FILL | W_STARTS}, {"the", W_FILL}, {"this", W_FILL | W_OPENS}, {"threads", W_NET},
    {"thursday", W_FILL}, {"tiktok", W_NET}, {"time", W_FILL}, {"to", W_FILL}, {"tous", W_OPENS}, {"tout", W_OPENS},
    {"tuesday", W_FILL}, {"tumblr", W_NET}, {"tweet", W_SHARE}, {"tweeter", W_SHARE}, {"tweetez", W_SHARE},
    {"twitter", W_NET}, {"un", W_FILL}, {"une", W_FILL}, {"update", W_DATED}, {"updated", W_DATED},
    {"vendredi", W_FILL}, {"via", W_FILL}, {"viber", W_NET}, {"view", W_READS}, {"views", W_READS}, {"voir", W_OPENS},
    {"vue", W_READS}, {"vues", W_READS}, {"we", W_OPENS}, {"wednesday", W_FILL}, {"week", W_UNIT}, {"weeks", W_UNIT},
    {"whatsapp", W_NET}, {"with", W_FILL}, {"write", W_FILL}, {"x", W_NET}, {"y", W_FILL}, {"year", W_UNIT},
    {"years", W_UNIT}, {"you", W_OPENS}, {"youtube", W_NET}, {"à", W_FILL | W_OPENS}, {"اب", W_FILL},
    {"ابريل", W_FILL}, {"اترك", W_FILL | W_STARTS | W_OPENS}, {"اخبار", W_OPENS}, {"اخر", W_FILL | W_STARTS},
    {"اذار", W_FILL}, {"اسابيع", W_UNIT}, {"اسبوع", W_UNIT}, {"اسبوعان", W_UNIT}, {"اسبوعين", W_UNIT},
    {"اشترك", W_OPENS}, {"اشتركوا", W_OPENS}, {"اشهر", W_UNIT}, {"اصدقائك", W_FILL}, {"اضغط", W_OPENS},
    {"اضف", W_FILL | W_STARTS | W_OPENS}, {"اطبع", W_BUTTON}, {"اعلان", W_ADVERT}, {"اعلانات", W_ADVERT},
    {"اعلاني", W_AD_FILL}, {"اعلانيه", W_AD_FILL}, {"اعوام", W_UNIT}, {"اغسطس", W_FILL}, {"افريل", W_FILL},
    {"اقرا", W_OPENS}, {"اكتب", W_FILL}, {"اكتوبر", W_FILL}, {"اكس", W_NET}, {"الاثنين", W_FILL},
    {"الاجتماعي", W_FILL}, {"الاحد", W_FILL}, {"الاخير", W_FILL}, {"الاربعاء", W_FILL}, {"الاكثر", W_OPENS},
    {"الالكتروني", W_FILL}, {"الاول", W_FILL}, {"البريد", W_FILL}, {"التحديث", W_DATED},
    {"التعليقات", W_COMMENT | W_ALONE}, {"التواصل", W_FILL}, {"التويتر", W_NET}, {"الثاني", W_FILL},
    {"الثلاثاء", W_FILL}, {"الجمعه", W_FILL}, {"الخبر", W_FILL}, {"الخميس", W_FILL}, {"الرابط", W_FILL},
    {"الزيارات", W_READS}, {"الساعه", W_FILL}, {"السبت", W_FILL}, {"الصفحه", W_FILL}, {"الفايسبوك", W_NET},
    {"الفيسبوك", W_NET}, {"القراءات", W_READS}, {"القراءه", W_READS}, {"الكتروني", W_FILL}, {"المتوقع", W_FILL},
    {"المشاهدات", W_READS}, {"المصادر", W_SOURCE}, {"المصدر", W_SOURCE}, {"المقال", W_FILL}, {"المقاله", W_FILL},
    {"المقدر", W_FILL}, {"الموافقه", W_OPENS}, {"الموضوع", W_FILL}, {"النشر", W_DATED}, {"الواتساب", W_NET},
    {"الوقت", W_FILL}, {"الي", W_FILL}, {"ان", W_FILL}, {"انستاغرام", W_NET}, {"انستجرام", W_NET},
    {"انستغرام", W_NET}, {"انستقرام", W_NET}, {"انشر", W_SHARE}, {"انشره", W_SHARE}, {"انشرها", W_SHARE},
    {"انضم", W_OPENS}, {"انقر", W_OPENS}, {"او", W_FILL}, {"اوت", W_FILL}, {"ايار", W_FILL}, {"ايام", W_UNIT},
    {"ايلول", W_FILL}, {"باستخدامك", W_OPENS}, {"باستمرارك", W_OPENS}, {"بالضغط", W_OPENS}, {"بالنقر", W_OPENS},
    {"بتاريخ", W_FILL}, {"بتوقيت", W_FILL}, {"بلس", W_FILL}, {"بمتابعتك", W_OPENS}, {"بمتابعه", W_OPENS},
    {"بنترست", W_NET}, {"بنتريست", W_NET}, {"بوك", W_FILL}, {"بينترست", W_NET}, {"بينتريست", W_NET},
    {"تابع", W_OPENS}, {"تابعنا", W_OPENS}, {"تابعوا", W_OPENS}, {"تابعونا", W_OPENS}, {"تاريخ", W_FILL | W_STARTS},
    {"تجاري", W_AD_FILL}, {"تحديث", W_DATED}, {"تحميل", W_OPENS}, {"تستخدم", W_OPENS}, {"تشرين", W_FILL},
    {"تعليق", W_COMMENT}, {"تعليقا", W_COMMENT}, {"تعليقات", W_COMMENT}, {"تعليقك", W_COMMENT}, {"تلجرام", W_NET},
    {"تلغرام", W_NET}, {"تليجرام", W_NET}, {"تليغرام", W_NET}, {"تمبلر", W_NET}, {"تموز", W_FILL}, {"توجد", W_FILL},
    {"توك", W_FILL}, {"تويتر", W_NET}, {"تيك", W_NET}, {"تيليجرام", W_NET}, {"تيليغرام", W_NET}, {"ثانيه", W_UNIT},
    {"ثريدز", W_NET}, {"ثوان", W_UNIT}, {"ثواني", W_UNIT}, {"جانفي", W_FILL}, {"جميع", W_OPENS}, {"جوان", W_FILL},
    {"جوجل", W_NET}, {"جويليه", W_FILL}, {"حزيران", W_FILL}, {"حقوق", W_OPENS}, {"حمل", W_OPENS}, {"حملوا", W_OPENS},
    {"دعائي", W_AD_FILL}, {"دقائق", W_UNIT}, {"دقيقتان", W_UNIT}, {"دقيقتين", W_UNIT}, {"دقيقه", W_UNIT},
    {"ديسمبر", W_FILL}, {"رابط", W_FILL}, {"ردا", W_COMMENT}, {"ريديت", W_NET}, {"زائر", W_READS},
    {"زمن", W_FILL | W_STARTS}, {"زيارات", W_READS}, {"زياره", W_READS}, {"ساعات", W_UNIT}, {"ساعتان", W_UNIT},
    {"ساعتين", W_UNIT}, {"ساعه", W_UNIT}, {"سبتمبر", W_FILL}, {"سكايب", W_NET}, {"سناب", W_NET}, {"سنابشات", W_NET},
    {"سنتان", W_UNIT}, {"سنتين", W_UNIT}, {"سنه", W_UNIT}, {"سنوات", W_UNIT}, {"سياسه", W_OPENS}, {"شات", W_FILL},
    {"شارك", W_SHARE}, {"شاركنا", W_SHARE}, {"شاركه", W_SHARE}, {"شاركها", W_SHARE}, {"شاهد", W_OPENS},
    {"شباط", W_FILL}, {"شهر", W_UNIT}, {"شهران", W_UNIT}, {"شهرين", W_UNIT}, {"شهور", W_UNIT}, {"ص", W_FILL},
    {"صباحا", W_FILL}, {"صديق", W_FILL}, {"طالع", W_OPENS}, {"طباعه", W_BUTTON}, {"عام", W_UNIT}, {"عامان", W_UNIT},
    {"عامين", W_UNIT}, {"عبر", W_FILL}, {"عدد", W_FILL | W_STARTS}, {"علي", W_FILL}, {"عند", W_OPENS},
    {"غرد", W_SHARE}, {"غرينتش", W_FILL}, {"غوغل", W_NET}, {"فايبر", W_NET}, {"فايسبوك", W_NET}, {"فبراير", W_FILL},
    {"في", W_FILL}, {"فيس", W_NET}, {"فيسبوك", W_NET}, {"فيفري", W_FILL}, {"قبل", W_AGO}, {"قبول", W_OPENS},
    {"قد", W_OPENS}, {"قراءات", W_READS}, {"قراءتان", W_READS | W_ALONE}, {"قراءتين", W_READS | W_ALONE},
    {"قراءه", W_READS}, {"كافه", W_OPENS}, {"كانون", W_FILL}, {"كل", W_OPENS}, {"لا", W_FILL | W_STARTS},
    {"لتحسين", W_OPENS}, {"لتقديم", W_OPENS}, {"لصديق", W_FILL}, {"للقراءه", W_FILL}, {"للمزيد", W_OPENS},
    {"لن", W_OPENS}, {"لنكدان", W_NET}, {"لينكد", W_NET}, {"لينكدان", W_NET}, {"لينكدين", W_NET}, {"م", W_FILL},
    {"ماده", W_AD_FILL}, {"مارس", W_FILL}, {"ماسنجر", W_NET}, {"ماي", W_FILL}, {"مايو", W_FILL}, {"محتوي", W_AD_FILL},
    {"مدفوع", W_AD_FILL}, {"مده", W_FILL | W_STARTS}, {"مساء", W_FILL}, {"مساحات", W_AD_FILL}, {"مساحه", W_AD_FILL},
    {"مسنجر", W_NET}, {"مشاركه", W_SHARE}, {"مشاهدات", W_READS}, {"مشاهدتان", W_READS | W_ALONE}, {"مشاهده", W_READS},
    {"مصدر", W_SOURCE}, {"مع", W_FILL}, {"معدل", W_FILL}, {"مقالات", W_OPENS}, {"ممول", W_AD_FILL},
    {"مموله", W_AD_FILL}, {"من", W_FILL | W_OPENS}, {"منذ", W_AGO}, {"مواضيع", W_OPENS}, {"مواقع", W_FILL},
    {"موضوعات", W_OPENS}, {"موقعنا", W_OPENS}, {"نحرص", W_OPENS}, {"نحن", W_OPENS}, {"نستخدم", W_OPENS},
    {"نسخ", W_FILL | W_STARTS}, {"نشر", W_DATED}, {"نشرت", W_DATED}, {"نوفمبر", W_FILL}, {"نيسان", W_FILL},
    {"هذا", W_FILL | W_OPENS}, {"هذه", W_FILL}, {"واتس", W_NET}, {"واتساب", W_NET}, {"واحد", W_FILL},
    {"واحده", W_FILL}, {"وسائل", W_FILL}, {"وقت", W_FILL | W_STARTS}, {"يستخدم", W_OPENS}, {"يناير", W_FILL},
    {"يوتيوب", W_NET}, {"يوجد", W_FILL}, {"يوليو", W_FILL}, {"يوم", W_UNIT}, {"يومان", W_UNIT}, {"يومين", W_UNIT},
    {"يونيو", W_FILL},
};

/* Lines that begin so, up to the word's end. Folded, one space between words. */
struct opening {
    const char *text;
    unsigned    reason;
};
static const struct opening openings[] = {
    {"a lire aussi", CLEAN_RELATED}, {"abonnez vous", CLEAN_FOOTER}, {"accept all", CLEAN_COOKIES},
    {"accept cookies", CLEAN_COOKIES}, {"accepter les", CLEAN_COOKIES}, {"all rights reserved", CLEAN_FOOTER},
    {"also read", CLEAN_RELATED}, {"articles similaires", CLEAN_RELATED}, {"by clicking", CLEAN_COOKIES},
    {"by continuing", CLEAN_COOKIES}, {"by using", CLEAN_COOKIES}, {"ce site", CLEAN_COOKIES},
    {"click here", CLEAN_FOOTER}, {"cliquez ici", CLEAN_FOOTER}, {"cookie policy", CLEAN_COOKIES},
    {"cookie settings", CLEAN_COOKIES}, {"cookies settings", CLEAN_COOKIES}, {"copyright", CLEAN_FOOTER},
    {"en cliquant", CLEAN_COOKIES}, {"en continuant", CLEAN_COOKIES}, {"en poursuivant", CLEAN_COOKIES},
    {"follow us", CLEAN_FOOTER}, {"gérer les", CLEAN_COOKIES}, {"inscrivez vous", CLEAN_FOOTER},
    {"laisser un commentaire", CLEAN_FOOTER}, {"leave a comment", CLEAN_FOOTER}, {"leave a reply", CLEAN_FOOTER},
    {"les cookies nous", CLEAN_COOKIES}, {"les plus lus", CLEAN_RELATED}, {"lire aussi", CLEAN_RELATED},
    {"lire la suite", CLEAN_RELATED}, {"manage cookies", CLEAN_COOKIES}, {"most read", CLEAN_RELATED},
    {"notre site", CLEAN_COOKIES}, {"nous et nos", CLEAN_COOKIES}, {"nous utilisons", CLEAN_COOKIES},
    {"our site", CLEAN_COOKIES}, {"our website", CLEAN_COOKIES}, {"paramètres des", CLEAN_COOKIES},
    {"politique de", CLEAN_COOKIES}, {"read also", CLEAN_RELATED}, {"read more", CLEAN_RELATED},
    {"recommended for you", CLEAN_RELATED}, {"related articles", CLEAN_RELATED}, {"related news", CLEAN_RELATED},
    {"related posts", CLEAN_RELATED}, {"related stories", CLEAN_RELATED}, {"related topics", CLEAN_RELATED},
    {"sign up for", CLEAN_FOOTER}, {"subscribe now", CLEAN_FOOTER}, {"subscribe to our", CLEAN_FOOTER},
    {"suivez nous", CLEAN_FOOTER}, {"sur le même sujet", CLEAN_RELATED}, {"this site", CLEAN_COOKIES},
    {"this website", CLEAN_COOKIES}, {"tous droits reserves", CLEAN_FOOTER}, {"tous droits réservés", CLEAN_FOOTER},
    {"tout accepter", CLEAN_COOKIES}, {"voir aussi", CLEAN_RELATED}, {"we and our", CLEAN_COOKIES},
    {"we use", CLEAN_COOKIES}, {"you may also like", CLEAN_RELATED}, {"à lire aussi", CLEAN_RELATED},
    {"à lire également", CLEAN_RELATED}, {"اترك تعليقا", CLEAN_FOOTER}, {"اخبار ذات صله", CLEAN_RELATED},
    {"اشترك الان", CLEAN_FOOTER}, {"اشترك في النشره", CLEAN_FOOTER}, {"اشترك في قناتنا", CLEAN_FOOTER},
    {"اشترك في نشرتنا", CLEAN_FOOTER}, {"اشتركوا في قناتنا", CLEAN_FOOTER}, {"اضغط هنا", CLEAN_FOOTER},
    {"اضف تعليقا", CLEAN_FOOTER}, {"اقرا المزيد", CLEAN_RELATED}, {"اقرا ايضا", CLEAN_RELATED},
    {"اقرا كذلك", CLEAN_RELATED}, {"الاكثر قراءه", CLEAN_RELATED}, {"الموافقه علي", CLEAN_COOKIES},
    {"انضم الي قناتنا", CLEAN_FOOTER}, {"انقر هنا", CLEAN_FOOTER}, {"باستخدامك", CLEAN_COOKIES},
    {"باستمرارك", CLEAN_COOKIES}, {"بالضغط علي", CLEAN_COOKIES}, {"بالنقر علي", CLEAN_COOKIES},
    {"بمتابعتك", CLEAN_COOKIES}, {"بمتابعه", CLEAN_COOKIES}, {"تابع ايضا", CLEAN_RELATED},
    {"تابعنا علي", CLEAN_FOOTER}, {"تابعوا حسابنا", CLEAN_FOOTER}, {"تابعوا صفحتنا", CLEAN_FOOTER},
    {"تابعونا علي", CLEAN_FOOTER}, {"تحميل التطبيق", CLEAN_FOOTER}, {"تستخدم هذه الصفحه", CLEAN_COOKIES},
    {"جميع الحقوق محفوظه", CLEAN_FOOTER}, {"حقوق النشر محفوظه", CLEAN_FOOTER}, {"حمل التطبيق", CLEAN_FOOTER},
    {"حمل تطبيق", CLEAN_FOOTER}, {"حملوا تطبيق", CLEAN_FOOTER}, {"سياسه ملفات", CLEAN_COOKIES},
    {"شاهد المزيد", CLEAN_RELATED}, {"شاهد ايضا", CLEAN_RELATED}, {"طالع ايضا", CLEAN_RELATED},
    {"عند استخدامك", CLEAN_COOKIES}, {"قبول جميع", CLEAN_COOKIES}, {"قبول ملفات", CLEAN_COOKIES},
    {"قد يعجبك ايضا", CLEAN_RELATED}, {"قد يهمك ايضا", CLEAN_RELATED}, {"كافه الحقوق محفوظه", CLEAN_FOOTER},
    {"كل الحقوق محفوظه", CLEAN_FOOTER}, {"لتحسين تجربتك", CLEAN_COOKIES}, {"لتقديم افضل", CLEAN_COOKIES},
    {"للمزيد من الاخبار", CLEAN_RELATED}, {"لن يتم نشر عنوان", CLEAN_FOOTER}, {"مقالات ذات صله", CLEAN_RELATED},
    {"مقالات مشابهه", CLEAN_RELATED}, {"من خلال الاستمرار", CLEAN_COOKIES}, {"من خلال متابعه", CLEAN_COOKIES},
    {"مواضيع ذات صله", CLEAN_RELATED}, {"مواضيع مشابهه", CLEAN_RELATED}, {"موضوعات ذات صله", CLEAN_RELATED},
    {"موقعنا يستخدم", CLEAN_COOKIES}, {"نحرص علي", CLEAN_COOKIES}, {"نحن نستخدم", CLEAN_COOKIES},
    {"نحن وشركاؤنا", CLEAN_COOKIES}, {"نستخدم", CLEAN_COOKIES}, {"هذا الموقع", CLEAN_COOKIES},
    {"يستخدم موقعنا", CLEAN_COOKIES}, {"يستخدم هذا", CLEAN_COOKIES},
};

enum { WORD_MOST = 40, WORDS_MOST = 40, UNKNOWN_MOST = 8, OPENING_MOST = 80 };

struct word {
    size_t   start, end;
    unsigned kinds;
    int      is_joined;       /* by a و at its head */
    int      is_segment;      /* a bar, slash or dash stands before it */
    int      has_colon;       /* behind it */
    char     folded[WORD_MOST + 8];    /* with 8 zeros behind, and a joined word's from the third byte on */
};

/* ---- words */

/* Length of the separator at i, 0 for part of a word. */
static size_t separator(const uint8_t *s, size_t i, size_t n)
{
    if (s[i] < 0x80)
        return !(clean_is_letter(s[i]) || (uint8_t)(s[i] - '0') < 10);
    if (s[i] == 0xC2 && n - i > 1)                                       /* U+0080-00BF: signs, no-break space */
        return 2;
    if (s[i] == 0xD8 && n - i > 1 && (s[i + 1] == 0x8C || s[i + 1] == 0x9B || s[i + 1] == 0x9F))
        return 2;                                                        /* Arabic comma, semicolon, question mark */
    if (s[i] == 0xE2 && n - i > 2 && s[i + 1] <= 0xBF)
        return 3;                                                        /* dashes, bullets, arrows, marks */
    if (s[i] == 0xF0 && n - i > 3)
        return 4;                                                        /* emoji */
    return 0;
}

static int is_bar(const uint8_t *s, size_t i)
{
    return memchr("/|-", s[i], 3) || (s[i] == 0xC2 && s[i + 1] == 0xB7) ||
           (s[i] == 0xE2 && s[i + 1] == 0x80 && (s[i + 2] == 0x93 || s[i + 2] == 0x94 || s[i + 2] == 0xA2));
}

/* Append the folded form of the character at s[i]; its length in bytes. */
static size_t fold(char *out, size_t *len, const uint8_t *s, size_t i, size_t n)
{
    const uint8_t a = s[i], b = i + 1 < n ? s[i + 1] : 0;

    if (a < 0x80) {
        out[(*len)++] = (char)(clean_is_letter(a) ? a | 0x20 : a);
        return 1;
    }
    if ((a == 0xD9 && b >= 0x8B && b <= 0x9F) || (a == 0xD9 && b == 0x80) || (a == 0xD9 && b == 0xB0))
        return 2;                                                        /* vowels, tatweel */
    if (a == 0xC3 && b >= 0x80 && b <= 0x9E) {                           /* É */
        out[(*len)++] = (char)a;
        out[(*len)++] = (char)(b | 0x20);
        return 2;
    }
    if (a == 0xD8 && (b == 0xA2 || b == 0xA3 || b == 0xA5 || b == 0xA9)) {
        out[(*len)++] = b == 0xA9 ? (char)0xD9 : (char)a;
        out[(*len)++] = b == 0xA9 ? (char)0x87 : (char)0xA7;
        return 2;
    }
    if (a == 0xD9 && (b == 0x89 || (b >= 0xA0 && b <= 0xA9))) {          /* ى, digits */
        out[(*len)++] = b == 0x89 ? (char)a : (char)('0' + (b - 0xA0));
        if (b == 0x89)
            out[(*len)++] = (char)0x8A;
        return 2;
    }
    out[(*len)++] = (char)a;
    return 1;
}

/* The first 8 bytes as a number that sorts like them. */
static uint64_t prefix(const char *word)
{
    return __builtin_bswap64(get_u64((const uint8_t *)word));
}

/* `word` has at least 8 bytes, zeros behind its end. */
static unsigned look_up(const char *word)
{
    const uint64_t wanted = prefix(word);
    const struct entry *low = known_words, *end = known_words + sizeof known_words / sizeof *known_words;

    for (size_t n = sizeof known_words / sizeof *known_words; n > 1;
         n -= n / 2) /* no branch to guess: a move on a condition */
        low += prefix(low[n / 2 - 1].word) < wanted ? n / 2 : 0;
    low += prefix(low->word) < wanted;                                     /* now the first that is not smaller */
    for (; low < end && prefix(low->word) == wanted; low++)
        if (strcmp(low->word, word) == 0)
            return low->kinds;
    return 0;
}

static unsigned kinds_of(const char *word, int *is_joined)
{
    unsigned kinds;

    if (word[0] >= '0' && word[0] <= '9' && strspn(word, "0123456789") == strlen(word))
        return W_NUMBER;
    kinds = look_up(word);
    if (!kinds && memcmp(word, "و", 2) == 0) {
        kinds = look_up(word + 2);
        *is_joined = kinds != 0;
    }
    return kinds;
}

/* The next word from *i on; 0 at the end. Long words have no kind. */
static int next_word(const struct cleaner *c, size_t *i, size_t end, struct word *w)
{
    const uint8_t *s = c->s;
    size_t len = 0, sep;

    w->is_segment = 0;
    while (*i < end && (sep = separator(s, *i, end)) != 0) {
        w->is_segment |= is_bar(s, *i);
        *i += sep;
    }
    if (*i >= end)
        return 0;
    w->start = *i;
    while (*i < end && separator(s, *i, end) == 0) {
        const size_t room = len < WORD_MOST - 3 ? len : WORD_MOST - 3;

        len = room;
        *i += fold(w->folded, &len, s, *i, end);
    }
    if (*i > end)
        *i = end;
    w->end = *i;
    memset(w->folded + len, 0, 8);
    w->is_joined = 0;
    w->kinds = len < WORD_MOST - 3 ? kinds_of(w->folded, &w->is_joined) : 0;
    sep = clean_skip_space(s, *i, end);
    w->has_colon = sep < end && s[sep] == ':';
    return 1;
}

/* ---- shapes */

/* Names of networks and words around them: two names side by side, or a name behind "share". */
static int is_share_bar(const struct word *w, size_t n, int is_line)
{
    unsigned nets = 0, joined = 0, shares = 0, buttons = 0, numbers = 0;

    for (size_t i = 0; i < n; i++) {
        if (!(w[i].kinds & (W_NET | W_SHARE | W_BUTTON | W_FILL | W_NUMBER)))
            return 0;
        nets += (w[i].kinds & W_NET) != 0;
        joined += (w[i].kinds & W_NET) && w[i].is_joined;
        shares += (w[i].kinds & W_SHARE) != 0;
        buttons += (w[i].kinds & W_BUTTON) != 0;
        numbers += (w[i].kinds & W_NUMBER) != 0;
    }
    if (!is_line)
        return nets - joined >= 2;
    if (nets)
        return nets - joined >= 2 || nets >= 3 || shares || (nets && buttons);
    return (shares && (w[0].kinds & W_SHARE) && n <= 6 && !numbers) ||
           (buttons && (w[0].kinds & W_BUTTON) && n <= 2) ||
           shares + buttons >= 3;
}

/* One piece of a footer: 2 it is one without doubt, 1 it can be, 0 it is prose. */
static int footer_segment(const struct word *w, size_t n)
{
    unsigned all = ~0u, any = 0;

    if ((w[0].kinds & W_SOURCE) && w[0].has_colon && n <= 7)
        return 1;
    for (size_t i = 0; i < n; i++) {
        if (!w[i].kinds)
            return 0;
        all &= w[i].kinds;
        any |= w[i].kinds;
    }
    if ((any & W_AGO) && (any & W_UNIT) && !(w[n - 1].kinds & W_NUMBER))         /* "since 1948" is a heading */
        return 2;
    if ((any & W_READS) && ((any & (W_NUMBER | W_ALONE)) || ((any & W_UNIT) && n > 2)))
        return 2;
    if ((any & W_COMMENT) && (n > 1 || (any & W_ALONE)))
        return 2;
    if ((any & W_BUTTON) && n <= 2)
        return 2;
    return (all & W_NUMBER) || ((any & W_DATED) && (any & W_NUMBER));
}

/* Segments between bars, all of them a footer's. Two of them, or one without doubt. */
static int footer_strength(const struct word *w, size_t n, size_t *segments)
{
    int strength = 0;

    *segments = 0;
    for (size_t i = 0, next; i < n; i = next) {
        int one;

        for (next = i + 1; next < n && !w[next].is_segment; next++)
            ;
        if ((one = footer_segment(w + i, next - i)) == 0)
            return 0;
        if (one > strength)
            strength = one;
        ++*segments;
    }
    return strength;
}

static int is_advert(const struct word *w, size_t n)
{
    unsigned any = 0;

    for (size_t i = 0; i < n; i++) {
        if (!(w[i].kinds & (W_ADVERT | W_AD_FILL)))
            return 0;
        any |= w[i].kinds;
    }
    return (any & W_ADVERT) || n == 2;
}

/* Do no more than two lines that are not blank follow? */
static int is_near_end(const struct cleaner *c, size_t at)
{
    unsigned lines = 0;

    for (int blank = 1; at < c->n && lines <= 2; at++) {
        if (c->s[at] == '\n') {
            blank = 1;
        } else if (blank && !clean_is_space(c->s[at])) {
            lines++;
            blank = 0;
        }
    }
    return lines <= 2;
}

/* ---- openings */

static int names_cookies(const struct cleaner *c, size_t start, size_t end)
{
    static const char *const words[] = {"ookie",   "OOKIE", "ملفات تعريف", "ملفات الارتباط",
                                        "الكوكيز", "كوكيز", "traceurs"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (fihi_clean_find(c->s + start, end - start, words[i]))
            return 1;
    return 0;
}

/* A line that begins with one of the openings, and does not go on like a sentence. */
static int clean_opening(const struct cleaner *c, size_t start, size_t end, const struct word *first, struct cut *cut)
{
    enum { HINT_MOST = 300 };
    struct word w = *first;
    char text[OPENING_MOST + WORD_MOST + 2] = "";
    size_t len = 0, i = first->end;
    int is_sentence = c->s[end - 1] == '.';

    for (unsigned words = 0; words < 4 && len < OPENING_MOST; words++) {
        const size_t n = strlen(w.folded);

        if (len)
            text[len++] = ' ';
        memcpy(text + len, w.folded, n + 1);
        len += n;
        for (size_t k = 0; k < sizeof openings / sizeof *openings; k++) {
            const unsigned reason = openings[k].reason;

            if (strcmp(openings[k].text, text) != 0)
                continue;
            if (reason == CLEAN_COOKIES
                    ? names_cookies(c, start, end)
                    : end - start <= HINT_MOST && (!is_sentence || w.has_colon || reason == CLEAN_FOOTER)) {
                *cut = (struct cut){start, end, reason};
                return 1;
            }
        }
        if (!next_word(c, &i, end, &w))
            break;
    }
    return 0;
}

/* ---- lines */

/* Nothing but addresses. */
static int is_addresses(const uint8_t *s, size_t i, size_t end)
{
    while (i < end) {
        if (!(end - i > 7 && memcmp(s + i, "http", 4) == 0 && memchr(s + i, ':', 6)) &&
            !(end - i > 4 && memcmp(s + i, "www.", 4) == 0))
            return 0;
        while (i < end && s[i] > ' ')
            i++;
        i = clean_skip_space(s, i, end);
    }
    return 1;
}

/* Brackets that a script left behind: }); */
static int is_brackets(const uint8_t *s, size_t i, size_t end)
{
    int has_closing = 0;

    if (end - i < 2 || end - i > 20)
        return 0;
    for (; i < end; i++) {
        if (!memchr("(){}[];,/<>-\t ", s[i], 14))
            return 0;
        has_closing |= s[i] == ';' || s[i] == '>';
    }
    return has_closing;
}

static int clean_shape(const struct cleaner *c, size_t start, size_t end, const struct word *w, size_t n, int is_line,
                       struct cut *cut)
{
    size_t segments;
    const int strength = footer_strength(w, n, &segments);
    unsigned reason = CLEAN_REASONS;

    if (is_share_bar(w, n, is_line))
        reason = CLEAN_SHARE;
    else if (strength == 2
                 ? is_line || segments > 1
                 : strength == 1 && is_line && (w[0].kinds & (W_SOURCE | W_DATED | W_STARTS)) && is_near_end(c, end))
        reason = CLEAN_FOOTER;
    else if (is_line && is_advert(w, n))
        reason = CLEAN_ADVERT;
    *cut = (struct cut){start, end, reason};
    return reason != CLEAN_REASONS;
}

/* The words of a line; 0 when there are too many. Only what a source is called may be a word that we do not know, so
 * most lines of prose are left at their first or second word. */
static size_t read_words(const struct cleaner *c, size_t start, size_t end, struct word *w)
{
    size_t i = start, n = 0, unknown = 0;
    int has_source = 0;

    while (n < WORDS_MOST && next_word(c, &i, end, &w[n])) {
        has_source |= (w[n].kinds & W_SOURCE) && w[n].has_colon;
        if (!w[n].kinds && (!has_source || ++unknown > UNKNOWN_MOST))
            return 0;
        n++;
    }
    return n < WORDS_MOST ? n : 0;
}

static int clean_piece(const struct cleaner *c, size_t start, size_t end, struct cut *cut)
{
    struct word w[WORDS_MOST];
    size_t i = start, n;

    if (!next_word(c, &i, end, &w[0]) || !(w[0].kinds & ~(unsigned)W_FILL))
        return 0;
    if ((w[0].kinds & W_OPENS) && clean_opening(c, start, end, &w[0], cut))
        return 1;
    n = read_words(c, start, end, w);
    return n && clean_shape(c, start, end, w, n, 1, cut);
}

int fihi_clean_line(const struct cleaner *c, size_t start, size_t end, struct cut *cut)
{
    const uint8_t *s = c->s;

    start = clean_skip_space(s, start, end);
    while (end > start && clean_is_space(s[end - 1]))
        end--;
    if (start == end)
        return 0;
    if ((s[start] == 'h' || s[start] == 'w') && is_addresses(s, start, end)) {
        *cut = (struct cut){start, end, CLEAN_URL};
        return 1;
    }
    if (is_brackets(s, start, end)) {
        *cut = (struct cut){start, end, CLEAN_SCRIPT};
        return 1;
    }
    return clean_piece(c, start, end, cut);
}

/* ---- the end of a text that is one line */

/* Where the last sentence of a line begins. */
static size_t last_sentence(const uint8_t *s, size_t start, size_t end)
{
    size_t i = end > start ? end - 1 : start;

    while (i > start && !(clean_is_space(s[i]) && (s[i - 1] == '.' || s[i - 1] == '!' || s[i - 1] == '?' ||
                                                   (s[i - 1] == 0x9F && i > start + 1 && s[i - 2] == 0xD8))))
        i--;
    return i > start ? clean_skip_space(s, i, end) : start;
}

/* Is the last word one of a footer or share bar? Prose seldom ends so, and is left at that. */
static int ends_known(const struct cleaner *c, size_t start, size_t end)
{
    struct word w;
    size_t i = end;

    while (i > start && !clean_is_space(c->s[i - 1]))
        i--;
    return next_word(c, &i, end, &w) && w.kinds;
}

int fihi_clean_tail(const struct cleaner *c, size_t start, size_t end, struct cut *cut)
{
    const size_t sentence = last_sentence(c->s, start, end);
    struct word w[WORDS_MOST];
    size_t n = 0, i = sentence;

    if (sentence > start && clean_piece(c, sentence, end, cut))
        return 1;
    if (c->s[end - 1] == '.' || !ends_known(c, sentence, end))
        return 0;
    while (n < WORDS_MOST && next_word(c, &i, end, &w[n]))
        n++;
    if (n == WORDS_MOST || n == 0 || !w[n - 1].kinds)
        return 0;
    for (size_t k = 1; k < n; k++)
        if ((w[k].kinds & ~(unsigned)W_FILL) && !w[k].is_joined &&
            clean_shape(c, w[k].start, end, w + k, n - k, 0, cut))
            return 1;
    return 0;
}
