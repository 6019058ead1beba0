\echo Use "CREATE EXTENSION fihrist" to load this file. \quit

CREATE FUNCTION fihrist_start(internal, int4) RETURNS internal AS 'MODULE_PATHNAME' LANGUAGE C STRICT;
CREATE FUNCTION fihrist_token(internal, internal, internal) RETURNS internal AS 'MODULE_PATHNAME' LANGUAGE C STRICT;
CREATE FUNCTION fihrist_end(internal) RETURNS void AS 'MODULE_PATHNAME' LANGUAGE C STRICT;
CREATE FUNCTION fihrist_kinds(internal) RETURNS internal AS 'MODULE_PATHNAME' LANGUAGE C STRICT;
CREATE FUNCTION fihrist_init(internal) RETURNS internal AS 'MODULE_PATHNAME' LANGUAGE C STRICT;
CREATE FUNCTION fihrist_lexize(internal, internal, internal, internal) RETURNS internal
    AS 'MODULE_PATHNAME' LANGUAGE C STRICT;

CREATE FUNCTION fihrist_analyzer(name text DEFAULT 'arabic') RETURNS text
    AS 'MODULE_PATHNAME' LANGUAGE C STRICT STABLE PARALLEL SAFE;
COMMENT ON FUNCTION fihrist_analyzer(text) IS 'an analyzer with the versions that its words depend on';

CREATE TEXT SEARCH PARSER fihrist (
    START = fihrist_start, GETTOKEN = fihrist_token, END = fihrist_end, LEXTYPES = fihrist_kinds,
    HEADLINE = pg_catalog.prsd_headline);
COMMENT ON TEXT SEARCH PARSER fihrist IS 'words as fihrist finds them';

CREATE TEXT SEARCH TEMPLATE fihrist (INIT = fihrist_init, LEXIZE = fihrist_lexize);
COMMENT ON TEXT SEARCH TEMPLATE fihrist IS 'stems and forms by an analyzer of fihrist; options: analyzer, terms, stopwords';

CREATE TEXT SEARCH DICTIONARY arabic_fihrist (TEMPLATE = fihrist);
COMMENT ON TEXT SEARCH DICTIONARY arabic_fihrist IS 'stems, and forms marked with a =';
CREATE TEXT SEARCH DICTIONARY arabic_fihrist_form (TEMPLATE = fihrist, TERMS = forms);
COMMENT ON TEXT SEARCH DICTIONARY arabic_fihrist_form IS 'forms alone, marked with a =';

CREATE TEXT SEARCH CONFIGURATION arabic_fihrist (PARSER = fihrist);
ALTER TEXT SEARCH CONFIGURATION arabic_fihrist ADD MAPPING FOR arabic, latin, word, number WITH arabic_fihrist;
COMMENT ON TEXT SEARCH CONFIGURATION arabic_fihrist IS 'Arabic: words are found with and without vowels, article, prepositions and pronouns';
CREATE TEXT SEARCH CONFIGURATION arabic_fihrist_form (PARSER = fihrist);
ALTER TEXT SEARCH CONFIGURATION arabic_fihrist_form ADD MAPPING FOR arabic, latin, word, number WITH arabic_fihrist_form;
COMMENT ON TEXT SEARCH CONFIGURATION arabic_fihrist_form IS 'for queries: the words as they are written, without regard to vowels';
