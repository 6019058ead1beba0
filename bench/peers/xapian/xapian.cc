/* xapian.cc - Xapian as the other side of our benchmarks (driver.h).
 *
 * As its guide has it: TermGenerator with the Arabic stemmer (stems beside the words as they are written, STEM_SOME),
 * positions, title and body one after the other as one text, the title as data with the body, the id as a boolean term;
 * QueryParser, BM25Weight of its defaults, no stop words. XAPIAN_FLUSH_THRESHOLD is left as it is: 10,000 documents.
 */
#include <cstdio>
#include <cstdlib>
#include <string>

#include <xapian.h>

#include "../driver.h"

extern "C" const char *const peer_name = "Xapian " XAPIAN_VERSION;

namespace {
Xapian::WritableDatabase *writer;
Xapian::TermGenerator *generator;
Xapian::Database *reader;
Xapian::QueryParser *parser;

/* An exception ends the program: no figure may come from a run that failed. */
template <typename F> void guarded(const char *what, F f)
{
    try {
        f();
    } catch (const Xapian::Error &e) {
        peer_die(what, e.get_description().c_str());
    }
}

Xapian::Query parse(enum peer_kind kind, const char *text)
{
    switch (kind) {
    case PEER_AND:
        parser->set_default_op(Xapian::Query::OP_AND);
        return parser->parse_query(text, 0);
    case PEER_PHRASE: {
        std::string quoted("\"");

        for (const char *s = text; *s; s++)
            quoted += *s == '"' ? ' ' : *s;
        return parser->parse_query(quoted + "\"", Xapian::QueryParser::FLAG_PHRASE);
    }
    case PEER_PREFIX:
        return parser->parse_query(std::string(text) + "*", Xapian::QueryParser::FLAG_WILDCARD);
    default:
        parser->set_default_op(Xapian::Query::OP_OR);
        return parser->parse_query(text, 0);
    }
}
}

extern "C" {
void peer_create(const char *path)
{
    guarded(path, [&] {
        writer = new Xapian::WritableDatabase(path, Xapian::DB_CREATE_OR_OVERWRITE);
        generator = new Xapian::TermGenerator;
        generator->set_stemmer(Xapian::Stem("arabic"));
    });
}

void peer_add(const struct peer_doc *d)
{
    guarded(d->id, [&] {
        Xapian::Document doc;
        std::string name = std::string("Q") + d->id;

        generator->set_document(doc);
        generator->index_text(d->title);
        generator->increase_termpos();
        generator->index_text(d->body);
        doc.set_data(std::string(d->title) + "\n" + d->body);
        if (name.size() > 240)
            name.resize(240);
        doc.add_boolean_term(name);
        doc.add_value(0, d->id);
        writer->add_document(doc);
    });
}

void peer_commit(void)
{
    guarded("commit", [] {
        writer->commit();
        writer->close();
    });
    delete writer;
    delete generator;
}

void peer_merge(const char *path)
{
    const std::string whole = std::string(path) + ".merged";

    guarded(path, [&] { Xapian::Database(path).compact(whole); });
    if (system(("rm -rf '" + std::string(path) + "' && mv '" + whole + "' '" + path + "'").c_str()) != 0)
        peer_die(path, "cannot be replaced");
}

void peer_open(const char *path)
{
    guarded(path, [&] {
        reader = new Xapian::Database(path);
        parser = new Xapian::QueryParser;
        parser->set_database(*reader);
        parser->set_stemmer(Xapian::Stem("arabic"));
        parser->set_stemming_strategy(Xapian::QueryParser::STEM_SOME);
    });
}

uint64_t peer_search(enum peer_kind kind, const char *text, unsigned limit, int shows, int counts)
{
    uint64_t hits = 0;

    guarded(text, [&] {
        Xapian::Enquire enquire(*reader);
        Xapian::MSet found;

        enquire.set_query(parse(kind, text));
        found = enquire.get_mset(0, limit, counts ? reader->get_doccount() : 0);
        hits = found.get_matches_estimated();
        for (Xapian::MSetIterator i = found.begin(); shows && i != found.end(); ++i) {
            const std::string data = i.get_document().get_data();

            printf("%s\t%s\n", i.get_document().get_value(0).c_str(), data.substr(0, data.find('\n')).c_str());
        }
    });
    return hits;
}

void peer_close(void)
{
    delete parser;
    delete reader;
}
}
