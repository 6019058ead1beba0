/* Engine.java - what OpenSearch makes of settings, _bulk lines and search bodies, with nothing but Lucene 8.
 *
 *   Engine SETTINGS BULK QUERIES    lines ID<TAB>BODY -> a TREC run on stdout
 *
 * The number of documents and the bytes of the index, which has the terms and no text, go to stderr.
 *
 * An engine for tests: it knows the types, analyzers, similarities and queries that fihrist writes, each as OpenSearch
 * builds it of Lucene's parts, and refuses everything else. Scripts are not run but recognised by their text.
 */
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.DelegatingAnalyzerWrapper;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.core.WhitespaceTokenizer;
import org.apache.lucene.analysis.miscellaneous.DelimitedTermFrequencyTokenFilter;
import org.apache.lucene.analysis.pattern.PatternCaptureGroupTokenFilter;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.DoublePoint;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.SortedNumericDocValuesField;
import org.apache.lucene.document.SortedSetDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FieldInvertState;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LogDocMergePolicy;
import org.apache.lucene.index.Term;
import org.apache.lucene.queries.intervals.IntervalQuery;
import org.apache.lucene.queries.intervals.Intervals;
import org.apache.lucene.queries.intervals.IntervalsSource;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.CollectionStatistics;
import org.apache.lucene.search.ConstantScoreQuery;
import org.apache.lucene.search.DisjunctionMaxQuery;
import org.apache.lucene.search.DocValuesFieldExistsQuery;
import org.apache.lucene.search.FuzzyQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.MultiTermQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryRescorer;
import org.apache.lucene.search.RegexpQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TermStatistics;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TotalHits;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.search.similarities.PerFieldSimilarityWrapper;
import org.apache.lucene.search.similarities.Similarity;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.QueryBuilder;
import org.apache.lucene.util.SmallFloat;
import org.apache.lucene.util.automaton.RegExp;

public final class Engine {
    private static final String ID = "_id";

    private final Map<String, Map<String, Object>> mapping = new HashMap<>();
    private final Map<String, Analyzer> analyzers = new HashMap<>();
    private final Map<String, Similarity> similarities = new HashMap<>();
    private final Map<String, FieldType> types = new HashMap<>();
    private final Similarity usual = new BM25Similarity();

    public static void main(String[] args) throws IOException {
        if (args.length != 3)
            throw new IllegalArgumentException("usage: Engine SETTINGS BULK QUERIES");
        Engine engine = new Engine(object(Json.parse(Files.readString(Paths.get(args[0])))));
        Directory directory = new ByteBuffersDirectory();
        engine.index(directory, Paths.get(args[1]));
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        try (IndexReader reader = DirectoryReader.open(directory);
             BufferedReader lines = Files.newBufferedReader(Paths.get(args[2]))) {
            long bytes = 0;
            for (String file : directory.listAll())
                bytes += directory.fileLength(file);
            System.err.println(reader.numDocs() + " documents, " + bytes + " bytes");
            IndexSearcher searcher = new IndexSearcher(reader);
            searcher.setSimilarity(engine.similarity());
            for (String line; (line = lines.readLine()) != null;) {
                int tab = line.indexOf('\t');
                engine.answer(out, searcher, line.substring(0, tab), object(Json.parse(line.substring(tab + 1))));
            }
        }
        out.flush();
    }

    // ---- settings and mapping

    private Engine(Map<String, Object> all) {
        Map<String, Object> index = object(object(all.get("settings")).get("index"));
        Map<String, Object> analysis = object(index.get("analysis"));
        for (String name : object(analysis.get("analyzer")).keySet())
            analyzers.put(name, analyzer(analysis, object(object(analysis.get("analyzer")).get(name))));
        Map<String, Object> made = object(index.get("similarity"));
        for (String name : made.keySet())
            similarities.put(name, scripted(object(made.get(name))));
        addFields("", object(object(all.get("mappings")).get("properties")));
    }

    private static Analyzer analyzer(Map<String, Object> analysis, Map<String, Object> a) {
        Map<String, Object> tokenizer = object(object(analysis.get("tokenizer")).get(a.get("tokenizer")));
        want(tokenizer.get("type"), "whitespace");
        int most = ((Number) tokenizer.get("max_token_length")).intValue();
        return new Analyzer() {
            @Override
            protected TokenStreamComponents createComponents(String field) {
                WhitespaceTokenizer source = new WhitespaceTokenizer(most);
                TokenStream stream = source;
                Object names = a.get("filter");
                for (Object name : names instanceof List ? list(names) : List.of(names))
                    stream = filter(stream, object(object(analysis.get("filter")).get(name)));
                return new TokenStreamComponents(source, stream);
            }
        };
    }

    private static TokenStream filter(TokenStream in, Map<String, Object> f) {
        switch ((String) f.get("type")) {
        case "delimited_term_freq":
            return new DelimitedTermFrequencyTokenFilter(in, ((String) f.get("delimiter")).charAt(0));
        case "pattern_capture":
            Pattern[] patterns = list(f.get("patterns")).stream().map(p -> Pattern.compile((String) p))
                    .toArray(Pattern[]::new);
            return new PatternCaptureGroupTokenFilter(in, (Boolean) f.get("preserve_original"), patterns);
        default:
            throw new IllegalArgumentException("filter " + f);
        }
    }

    private void addFields(String before, Map<String, Object> properties) {
        for (Map.Entry<String, Object> e : properties.entrySet()) {
            Map<String, Object> p = object(e.getValue());
            String name = before + e.getKey();
            if (p.containsKey("properties")) {
                addFields(name + ".", object(p.get("properties")));
                continue;
            }
            mapping.put(name, p);
            if (!"text".equals(p.get("type")) || Boolean.FALSE.equals(p.get("index")))
                continue;
            FieldType type = new FieldType();
            type.setTokenized(true);
            type.setIndexOptions("freqs".equals(p.get("index_options")) ? IndexOptions.DOCS_AND_FREQS
                    : IndexOptions.DOCS_AND_FREQS_AND_POSITIONS);
            type.setOmitNorms(Boolean.FALSE.equals(p.get("norms")));
            type.freeze();
            types.put(name, type);
        }
    }

    private Similarity similarity() {
        return new PerFieldSimilarityWrapper() {
            @Override
            public Similarity get(String field) {
                Map<String, Object> p = mapping.get(field);
                Object name = p == null ? null : p.get("similarity");
                return name == null ? usual : similarities.get(name);
            }
        };
    }

    private static Similarity scripted(Map<String, Object> s) {
        String number = "([0-9.]+)";
        want(s.get("type"), "scripted");
        String source = (String) object(s.get("script")).get("source");
        Matcher m = Pattern.compile("return query\\.boost \\* doc\\.freq / \\(doc\\.freq \\+ " + number + "\\);")
                .matcher(source);
        if (m.matches())
            return new Scripted(Double.parseDouble(m.group(1)), 1, 0);
        if (source.equals("return query.boost * doc.freq / 65536;"))
            return new Scripted(0, 65536, 0);
        m = Pattern.compile("double average = field\\.sumTotalTermFreq / \\(double\\) field\\.docCount; "
                + "return query\\.boost \\* doc\\.freq / \\(doc\\.freq \\+ " + number + " \\* \\(" + number + " \\+ "
                + number + " \\* doc\\.length / average\\)\\);").matcher(source);
        if (!m.matches())
            throw new IllegalArgumentException("a script that this engine does not know: " + source);
        return new Scripted(Double.parseDouble(m.group(1)), Double.parseDouble(m.group(2)),
                Double.parseDouble(m.group(3)));
    }

    /** boost * freq / (freq + k * (fixed + slope * length / average)), the length as a byte has it; without k freq / fixed. */
    private static final class Scripted extends Similarity {
        private final double k, fixed, slope;

        Scripted(double k, double fixed, double slope) {
            this.k = k;
            this.fixed = fixed;
            this.slope = slope;
        }

        @Override
        public long computeNorm(FieldInvertState state) {
            return SmallFloat.intToByte4(state.getLength() - state.getNumOverlap());
        }

        @Override
        public SimScorer scorer(float boost, CollectionStatistics field, TermStatistics... terms) {
            double average = field.sumTotalTermFreq() / (double) field.docCount();
            if (terms.length != 1)
                throw new IllegalArgumentException("a phrase is not scored");
            return new SimScorer() {
                @Override
                public float score(float freq, long norm) {
                    if (k == 0)
                        return (float) (boost * freq / fixed);
                    int length = norm == 0 ? 1 : SmallFloat.byte4ToInt((byte) norm);
                    return (float) (boost * freq / (freq + k * (fixed + slope * length / average)));
                }
            };
        }
    }

    // ---- documents

    /** The last of the lines of an id counts. In one segment, in the order of the lines. */
    private void index(Directory directory, Path bulk) throws IOException {
        IndexWriterConfig config = new IndexWriterConfig(new DelegatingAnalyzerWrapper(Analyzer.PER_FIELD_REUSE_STRATEGY) {
            @Override
            protected Analyzer getWrappedAnalyzer(String field) {
                return analyzers.get(mapping.get(field).get("analyzer"));
            }
        });
        config.setSimilarity(similarity());
        config.setMergePolicy(new LogDocMergePolicy());
        try (IndexWriter writer = new IndexWriter(directory, config);
             BufferedReader lines = Files.newBufferedReader(bulk)) {
            for (String line; (line = lines.readLine()) != null;) {
                Map<String, Object> action = object(Json.parse(line));
                String kind = action.keySet().iterator().next();
                Term id = new Term(ID, (String) object(action.get(kind)).get(ID));
                if (kind.equals("delete")) {
                    writer.deleteDocuments(id);
                    continue;
                }
                want(kind, "index");
                Document document = new Document();
                document.add(new StringField(ID, id.text(), Field.Store.YES));
                addValues(document, "", object(Json.parse(lines.readLine())));
                writer.updateDocument(id, document);
            }
            writer.forceMerge(1);
        }
    }

    private void addValues(Document document, String before, Map<String, Object> source) {
        for (Map.Entry<String, Object> e : source.entrySet()) {
            String name = before + e.getKey();
            Map<String, Object> p = mapping.get(name);
            if (p == null && e.getValue() instanceof Map)
                addValues(document, name + ".", object(e.getValue()));
            else if (p == null)
                throw new IllegalArgumentException("a field that the mapping does not have: " + name);
            else if (!Boolean.FALSE.equals(p.get("index")) && !Boolean.FALSE.equals(p.get("enabled")))
                for (Object value : e.getValue() instanceof List ? list(e.getValue()) : List.of(e.getValue()))
                    addValue(document, name, p, value);
        }
    }

    private void addValue(Document document, String name, Map<String, Object> p, Object value) {
        switch ((String) p.get("type")) {
        case "text":
            document.add(new Field(name, (String) value, types.get(name)));
            break;
        case "keyword":
            document.add(new StringField(name, (String) value, Field.Store.NO));
            document.add(new SortedSetDocValuesField(name, new BytesRef((String) value)));
            break;
        case "double":
            document.add(new DoublePoint(name, ((Number) value).doubleValue()));
            document.add(new SortedNumericDocValuesField(name, 0));
            break;
        default:
            document.add(new LongPoint(name, number(p, value)));
            document.add(new SortedNumericDocValuesField(name, 0));
        }
    }

    private static long number(Map<String, Object> p, Object value) {
        switch ((String) p.get("type")) {
        case "integer":
        case "long":
            return ((Number) value).longValue();
        case "date":
            return "strict_date".equals(p.get("format"))
                    ? LocalDate.parse((String) value).atStartOfDay().toEpochSecond(ZoneOffset.UTC) * 1000
                    : ((Number) value).longValue() * 1000;
        default:
            throw new IllegalArgumentException("type " + p);
        }
    }

    // ---- queries

    private void answer(PrintStream out, IndexSearcher searcher, String id, Map<String, Object> body) throws IOException {
        int from = ((Number) body.get("from")).intValue(), size = ((Number) body.get("size")).intValue(), rank = 0;
        List<Object> passes = body.containsKey("rescore") ? list(body.get("rescore")) : List.of();
        int most = from + size;
        for (Object pass : passes)
            most = Math.max(most, ((Number) object(pass).get("window_size")).intValue());
        ScoreDoc[] hits = searcher.search(query(object(body.get("query"))), most).scoreDocs;
        for (Object pass : passes)
            rescore(searcher, hits, object(pass));
        for (ScoreDoc hit : hits)
            if (++rank > from && rank <= from + size)
                out.printf(Locale.ROOT, "%s Q0 %s %d %.6f lucene%n", id, searcher.doc(hit.doc).get(ID), rank, hit.score);
    }

    /** The sum of both scores, of the first hits; the others stay behind them. */
    private void rescore(IndexSearcher searcher, ScoreDoc[] hits, Map<String, Object> pass) throws IOException {
        int window = Math.min(hits.length, ((Number) pass.get("window_size")).intValue());
        ScoreDoc[] first = Arrays.copyOf(hits, window);
        TopDocs top = new TopDocs(new TotalHits(window, TotalHits.Relation.EQUAL_TO), first);
        Query q = query(object(object(pass.get("query")).get("rescore_query")));
        System.arraycopy(QueryRescorer.rescore(searcher, top, q, 1, window).scoreDocs, 0, hits, 0, window);
    }

    private Query query(Map<String, Object> q) {
        String kind = q.keySet().iterator().next();
        if (q.size() != 1)
            throw new IllegalArgumentException("query " + q);
        Map<String, Object> body = object(q.get(kind));
        switch (kind) {
        case "match_all":
            return new MatchAllDocsQuery();
        case "match_none":
            return new MatchNoDocsQuery();
        case "bool":
            return bool(body);
        case "dis_max":
            return new DisjunctionMaxQuery(queries(body.get("queries")), 0);
        case "constant_score":
            return boosted(new ConstantScoreQuery(query(object(body.get("filter")))), body);
        case "exists":
            return new DocValuesFieldExistsQuery((String) body.get("field"));
        default:
            return ofField(kind, body.keySet().iterator().next(), object(body.values().iterator().next()));
        }
    }

    private static Query boosted(Query q, Map<String, Object> body) {
        Object boost = body.get("boost");
        return boost == null ? q : new BoostQuery(q, ((Number) boost).floatValue());
    }

    private List<Query> queries(Object value) {
        List<Query> all = new ArrayList<>();
        for (Object q : value instanceof List ? list(value) : List.of(value))
            all.add(query(object(q)));
        return all;
    }

    private Query bool(Map<String, Object> body) {
        BooleanQuery.Builder b = new BooleanQuery.Builder();
        for (Map.Entry<String, Object> e : body.entrySet()) {
            if (e.getKey().equals("minimum_should_match")) {
                b.setMinimumNumberShouldMatch(((Number) e.getValue()).intValue());
                continue;
            }
            BooleanClause.Occur occur = BooleanClause.Occur.valueOf(e.getKey().toUpperCase(Locale.ROOT));
            for (Query q : queries(e.getValue()))
                b.add(q, occur);
        }
        return b.build();
    }

    private Query ofField(String kind, String field, Map<String, Object> o) {
        Map<String, Object> p = mapping.get(field);
        if (p == null)
            return new MatchNoDocsQuery();
        switch (kind) {
        case "term":
            return boosted("text".equals(p.get("type")) || "keyword".equals(p.get("type"))
                    ? new TermQuery(new Term(field, (String) o.get("value")))
                    : LongPoint.newExactQuery(field, number(p, o.get("value"))), o);
        case "range":
            return range(field, p, o);
        case "prefix":
            return boosted(rewritten(new PrefixQuery(new Term(field, (String) o.get("value"))), o), o);
        case "regexp":
            want(o.get("flags"), "NONE");
            return boosted(new RegexpQuery(new Term(field, (String) o.get("value")), RegExp.NONE), o);
        case "fuzzy":
            return boosted(new FuzzyQuery(new Term(field, (String) o.get("value")),
                    ((Number) o.get("fuzziness")).intValue(), 0, 50, (Boolean) o.get("transpositions")), o);
        case "match_phrase":
            return new QueryBuilder(analyzers.get(p.get("analyzer"))).createPhraseQuery(field, (String) o.get("query"));
        case "intervals":
            return new IntervalQuery(field, intervals(field, p, o));
        default:
            throw new IllegalArgumentException("query " + kind);
        }
    }

    private static Query rewritten(MultiTermQuery q, Map<String, Object> o) {
        if (o.get("rewrite") != null) {
            want(o.get("rewrite"), "scoring_boolean");
            q.setRewriteMethod(MultiTermQuery.SCORING_BOOLEAN_REWRITE);
        }
        return q;
    }

    private static Query range(String field, Map<String, Object> p, Map<String, Object> o) {
        Object low = o.get("gte"), high = o.get("lte");
        if ("double".equals(p.get("type")))
            return DoublePoint.newRangeQuery(field, low == null ? Double.NEGATIVE_INFINITY : ((Number) low).doubleValue(),
                    high == null ? Double.POSITIVE_INFINITY : ((Number) high).doubleValue());
        return LongPoint.newRangeQuery(field, low == null ? Long.MIN_VALUE : number(p, low),
                high == null ? Long.MAX_VALUE : number(p, high));
    }

    private IntervalsSource intervals(String field, Map<String, Object> p, Map<String, Object> rule) {
        String kind = rule.keySet().iterator().next();
        Map<String, Object> o = object(rule.get(kind));
        int gaps = o.get("max_gaps") == null ? -1 : ((Number) o.get("max_gaps")).intValue();
        boolean ordered = Boolean.TRUE.equals(o.get("ordered"));
        List<IntervalsSource> parts = new ArrayList<>();
        if (kind.equals("match"))
            for (String word : ((String) o.get("query")).split(" "))
                parts.add(Intervals.term(word));
        else
            for (Object part : list(o.get("intervals")))
                parts.add(intervals(field, p, object(part)));
        IntervalsSource[] all = parts.toArray(new IntervalsSource[0]);
        IntervalsSource source = kind.equals("any_of") ? Intervals.or(all) : combined(all, gaps, ordered);
        if (o.get("filter") == null)
            return source;
        return Intervals.after(source, intervals(field, p, object(object(o.get("filter")).get("after"))));
    }

    /** As OpenSearch does: words in order without gaps are a phrase, all else is bounded from outside. */
    private static IntervalsSource combined(IntervalsSource[] all, int gaps, boolean ordered) {
        if (all.length == 1)
            return all[0];
        if (ordered && gaps == 0)
            return Intervals.phrase(all);
        IntervalsSource source = ordered ? Intervals.ordered(all) : Intervals.unordered(all);
        return gaps < 0 ? source : Intervals.maxgaps(gaps, source);
    }

    // ---- JSON

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object o) {
        return (Map<String, Object>) o;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Object o) {
        return (List<Object>) o;
    }

    private static void want(Object is, Object wanted) {
        if (!wanted.equals(is))
            throw new IllegalArgumentException(is + " is not " + wanted);
    }
}
