/* LuceneBench.java - Lucene 8 as the other side of our benchmarks: index, run, latency, first, search.
 *
 *   index   [--threads N] [--ram MB] [--merge] INDEX CORPUS...    JSON Lines (or .gz), all into one index
 *   run     [--limit N] INDEX QUERIES                             lines id<TAB>text -> a TREC run on stdout
 *   latency [--class C] [--limit N] [--warmup N] [--rounds N] [--times FILE] INDEX QUERIES...
 *   first   INDEX TEXT                                            microseconds to open, and for the first query
 *   search  INDEX TEXT                                            id and title of the ten best
 *
 * One indexed field holds title and body with positions and norms; id, title and body are stored.
 * ArabicAnalyzer with its own stop list, BM25 with k1 1.2 and b 0.75, a plain memory-mapped directory.
 * Queries are built from the analyzer's tokens, never by the query parser: no character is an operator.
 * Figures go to stdout as JSON; sizes in bytes, MB of text are 10^6 bytes of title and body in UTF-8.
 */
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.ar.ArabicAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.Version;

public final class LuceneBench {
    private static final String TEXT = "text";
    private static final Analyzer ANALYZER = new ArabicAnalyzer();

    public static void main(String[] args) throws Exception {
        if (args.length == 0)
            throw usage();
        Options o = new Options(Arrays.copyOfRange(args, 1, args.length));
        BooleanQuery.setMaxClauseCount(1 << 16);
        switch (args[0]) {
        case "index":
            index(o);
            break;
        case "run":
            run(o);
            break;
        case "latency":
            latency(o);
            break;
        case "first":
            first(o);
            break;
        case "search":
            search(o);
            break;
        default:
            throw usage();
        }
    }

    private static IllegalArgumentException usage() {
        return new IllegalArgumentException("usage: LuceneBench index|run|latency|first|search [OPTION]... INDEX FILE...|TEXT");
    }

    /* ------------------------------------------------------------- Options */

    private static final class Options {
        int threads = 1, ramMb = 256, limit = -1, warmup = 2, rounds = 5;
        boolean merge;
        String kind, times;
        final List<String> words = new ArrayList<>();

        Options(String[] a) {
            for (int i = 0; i < a.length; i++) {
                switch (a[i]) {
                case "--threads": threads = Integer.parseInt(a[++i]); break;
                case "--ram":     ramMb = Integer.parseInt(a[++i]); break;
                case "--limit":   limit = Integer.parseInt(a[++i]); break;
                case "--warmup":  warmup = Integer.parseInt(a[++i]); break;
                case "--rounds":  rounds = Integer.parseInt(a[++i]); break;
                case "--merge":   merge = true; break;
                case "--class":   kind = a[++i]; break;
                case "--times":   times = a[++i]; break;
                default:          words.add(a[i]);
                }
            }
            if (words.size() < 2)
                throw usage();
        }

        Path index() {
            return Paths.get(words.get(0));
        }

        List<String> files() {
            return words.subList(1, words.size());
        }
    }

    /* --------------------------------------------------------------- Index */

    private static void index(Options o) throws Exception {
        AtomicLong docs = new AtomicLong(), bytes = new AtomicLong();
        IndexWriterConfig config = new IndexWriterConfig(ANALYZER);
        long wall = System.nanoTime(), mergeCpu = 0, mergeWall = 0, cpu;

        config.setOpenMode(IndexWriterConfig.OpenMode.CREATE);
        config.setRAMBufferSizeMB(o.ramMb);
        config.setSimilarity(new BM25Similarity(1.2f, 0.75f));
        if (o.threads == 1)
            config.setMergeScheduler(new SerialMergeScheduler());
        try (Directory dir = FSDirectory.open(o.index()); IndexWriter w = new IndexWriter(dir, config)) {
            if (o.threads == 1)
                addAll(w, o.files(), docs, bytes);
            else
                addAllThreaded(w, o.files(), o.threads, docs, bytes);
            w.commit();
            cpu = cpuNanos();
            wall = System.nanoTime() - wall;
            if (o.merge) {
                mergeCpu = cpuNanos();
                mergeWall = System.nanoTime();
                w.forceMerge(1);
                w.commit();
                mergeCpu = cpuNanos() - mergeCpu;
                mergeWall = System.nanoTime() - mergeWall;
            }
        }
        try (Directory dir = FSDirectory.open(o.index()); DirectoryReader r = DirectoryReader.open(dir)) {
            say("{\"engine\": \"lucene %s\", \"docs\": %d, \"text_bytes\": %d, \"threads\": %d, \"cpu_s\": %.2f, "
                + "\"wall_s\": %.2f, \"merge_cpu_s\": %.2f, \"merge_wall_s\": %.2f, \"segments\": %d, "
                + "\"index_bytes\": %d}", Version.LATEST, docs.get(), bytes.get(), o.threads, cpu / 1e9, wall / 1e9,
                mergeCpu / 1e9, mergeWall / 1e9, r.leaves().size(), treeBytes(o.index()));
        }
    }

    private static void addAll(IndexWriter w, List<String> files, AtomicLong docs, AtomicLong bytes)
        throws IOException {
        for (String file : files) {
            try (BufferedReader in = reader(file)) {
                for (String line; (line = in.readLine()) != null;)
                    addLine(w, line, docs, bytes);
            }
        }
    }

    /* The calling thread reads; the others parse, analyze and add. */
    private static void addAllThreaded(IndexWriter w, List<String> files, int threads, AtomicLong docs,
                                       AtomicLong bytes) throws Exception {
        ArrayBlockingQueue<String> queue = new ArrayBlockingQueue<>(1024);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        String end = new String("end");
        Thread[] workers = new Thread[threads];

        for (int i = 0; i < threads; i++) {
            workers[i] = new Thread(() -> {
                try {
                    for (String line; (line = queue.take()) != end;)
                        addLine(w, line, docs, bytes);
                } catch (Throwable t) {
                    failure.compareAndSet(null, t);
                    t.printStackTrace();
                    System.exit(2);
                }
            });
            workers[i].start();
        }
        for (String file : files) {
            try (BufferedReader in = reader(file)) {
                for (String line; (line = in.readLine()) != null;)
                    queue.put(line);
            }
        }
        for (int i = 0; i < threads; i++)
            queue.put(end);
        for (Thread t : workers)
            t.join();
    }

    private static void addLine(IndexWriter w, String line, AtomicLong docs, AtomicLong bytes) throws IOException {
        if (line.trim().isEmpty())
            return;
        String[] v = new Json(line).strings("id", "title", "body");
        String title = v[1] == null ? "" : v[1], body = v[2] == null ? "" : v[2];
        Document d = new Document();

        d.add(new StoredField("id", v[0]));
        d.add(new StoredField("title", title));
        d.add(new StoredField("body", body));
        d.add(new TextField(TEXT, title + "\n" + body, Field.Store.NO));
        w.addDocument(d);
        docs.incrementAndGet();
        bytes.addAndGet(utf8Bytes(title) + utf8Bytes(body));
    }

    private static long utf8Bytes(String s) {
        long n = 0;
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            n += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return n;
    }

    /* ----------------------------------------------------------------- Run */

    private static void run(Options o) throws IOException {
        int limit = o.limit < 0 ? 1000 : o.limit;

        try (Directory dir = FSDirectory.open(o.index()); IndexReader r = DirectoryReader.open(dir);
             Writer out = new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8))) {
            IndexSearcher s = searcher(r);
            String[] ids = new String[r.maxDoc()];
            for (int i = 0; i < ids.length; i++)
                ids[i] = r.document(i, Collections.singleton("id")).get("id");
            for (String[] q : queries(o.files())) {
                int rank = 0;
                for (ScoreDoc h : s.search(query("or", q[2]), limit).scoreDocs)
                    out.write(String.format(Locale.ROOT, "%s Q0 %s %d %.6f lucene\n", q[1],
                        ids[h.doc], ++rank, h.score));
            }
        }
    }

    /* ------------------------------------------------------------- Latency */

    /* Analysis of the query is timed, reading stored documents is not. */
    private static void latency(Options o) throws IOException {
        int limit = o.limit < 0 ? 10 : o.limit;
        StringBuilder json = new StringBuilder();
        Writer times = o.times == null ? null : Files.newBufferedWriter(Paths.get(o.times));

        try (Directory dir = FSDirectory.open(o.index()); IndexReader r = DirectoryReader.open(dir)) {
            IndexSearcher s = searcher(r);
            for (String file : o.files()) {
                String name = stem(file), kind = o.kind == null ? kindOf(name) : o.kind;
                List<String[]> queries = queries(Arrays.asList(file));
                long[] best = new long[queries.size()], hits = new long[queries.size()];

                Arrays.fill(best, Long.MAX_VALUE);
                for (int round = -o.warmup; round < o.rounds; round++) {
                    for (int i = 0; i < best.length; i++) {
                        long t = System.nanoTime();
                        s.search(query(kind, queries.get(i)[2]), limit);
                        t = System.nanoTime() - t;
                        if (round >= 0)
                            best[i] = Math.min(best[i], t);
                    }
                }
                for (int i = 0; i < best.length; i++) {
                    hits[i] = s.count(query(kind, queries.get(i)[2]));
                    if (times != null)
                        times.write(name + "\t" + queries.get(i)[1] + "\t" + best[i] + "\t" + hits[i] + "\n");
                }
                json.append(json.length() == 0 ? "" : ",\n  ").append(summary(name, kind, limit, o.rounds, best, hits));
            }
            say("{\"engine\": \"lucene %s\", \"docs\": %d, \"classes\": [\n  %s\n]}", Version.LATEST, r.numDocs(), json);
        }
        if (times != null)
            times.close();
    }

    /* Nearest-rank percentiles of the best time of each query, in microseconds. */
    private static String summary(String name, String kind, int limit, int rounds, long[] best, long[] hits) {
        long[] a = best.clone();
        double mean = Arrays.stream(a).average().orElse(0), meanHits = Arrays.stream(hits).average().orElse(0);

        Arrays.sort(a);
        return String.format(Locale.ROOT, "{\"name\": \"%s\", \"class\": \"%s\", \"limit\": %d, \"queries\": %d, "
            + "\"rounds\": %d, \"mean_us\": %.1f, \"p50_us\": %.1f, \"p95_us\": %.1f, \"p99_us\": %.1f, "
            + "\"mean_hits\": %.1f}", name, kind, limit, a.length, rounds, mean / 1e3, rank(a, 50), rank(a, 95),
            rank(a, 99), meanHits);
    }

    private static double rank(long[] sorted, int percent) {
        return sorted.length == 0 ? 0 : sorted[(sorted.length * percent + 99) / 100 - 1] / 1e3;
    }

    /* One query of a process just begun. */
    private static void first(Options o) throws IOException {
        long begin = System.nanoTime(), opened;

        try (Directory dir = FSDirectory.open(o.index()); IndexReader r = DirectoryReader.open(dir)) {
            IndexSearcher s = searcher(r);
            opened = System.nanoTime();
            s.search(query("or", o.files().get(0)), 10);
            say("%.1f %.1f", (opened - begin) / 1e3, (System.nanoTime() - opened) / 1e3);
        }
    }

    private static void search(Options o) throws IOException {
        try (Directory dir = FSDirectory.open(o.index()); IndexReader r = DirectoryReader.open(dir)) {
            for (ScoreDoc h : searcher(r).search(query("or", o.files().get(0)), 10).scoreDocs) {
                Document d = r.document(h.doc);
                say("%s\t%s", d.get("id"), d.get("title"));
            }
        }
    }

    /* ------------------------------------------------------------- Queries */

    /* The class of a query file by its name: what every benchmark here means by it. */
    private static String kindOf(String name) {
        String kind = name.replaceFirst("_.*", "");     // phrase_freq are phrases, too
        return kind.equals("and") || kind.equals("phrase") || kind.equals("prefix") ? kind : "or";
    }

    private static Query query(String kind, String text) throws IOException {
        List<Term> terms = new ArrayList<>();
        List<Integer> positions = new ArrayList<>();
        int at = -1;

        if (kind.equals("prefix"))
            return new PrefixQuery(new Term(TEXT, text));
        try (TokenStream ts = ANALYZER.tokenStream(TEXT, text)) {
            CharTermAttribute term = ts.addAttribute(CharTermAttribute.class);
            PositionIncrementAttribute step = ts.addAttribute(PositionIncrementAttribute.class);
            ts.reset();
            while (ts.incrementToken()) {
                at += step.getPositionIncrement();
                terms.add(new Term(TEXT, term.toString()));
                positions.add(at);
            }
            ts.end();
        }
        if (terms.isEmpty())
            return new MatchNoDocsQuery();
        if (terms.size() == 1)
            return new TermQuery(terms.get(0));
        if (kind.equals("phrase")) {
            PhraseQuery.Builder b = new PhraseQuery.Builder();
            for (int i = 0; i < terms.size(); i++)
                b.add(terms.get(i), positions.get(i));
            return b.build();
        }
        BooleanQuery.Builder b = new BooleanQuery.Builder();
        for (Term t : terms)
            b.add(new TermQuery(t), kind.equals("and") ? BooleanClause.Occur.MUST : BooleanClause.Occur.SHOULD);
        return b.build();
    }

    private static IndexSearcher searcher(IndexReader r) {
        IndexSearcher s = new IndexSearcher(r);
        s.setQueryCache(null);
        s.setSimilarity(new BM25Similarity(1.2f, 0.75f));
        return s;
    }

    /* Of each line: the file's stem, the id, the text. A line without a tab is all text, its number the id. */
    private static List<String[]> queries(List<String> files) throws IOException {
        List<String[]> all = new ArrayList<>();
        for (String file : files) {
            try (BufferedReader in = reader(file)) {
                int n = 0;
                for (String line; (line = in.readLine()) != null; n++) {
                    int tab = line.indexOf('\t');
                    all.add(new String[] { stem(file), tab < 0 ? "" + n : line.substring(0, tab),
                                           line.substring(tab + 1) });
                }
            }
        }
        return all;
    }

    /* --------------------------------------------------------------- Small */

    private static BufferedReader reader(String file) throws IOException {
        InputStream in = new FileInputStream(file);
        if (file.endsWith(".gz"))
            in = new GZIPInputStream(in, 1 << 16);
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 16);
    }

    private static String stem(String file) {
        String name = Paths.get(file).getFileName().toString();
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime();
    }

    private static long treeBytes(Path dir) throws IOException {
        try (Stream<Path> s = Files.walk(dir)) {
            return s.filter(Files::isRegularFile).mapToLong(p -> p.toFile().length()).sum();
        }
    }

    private static void say(String format, Object... args) {
        System.out.println(String.format(Locale.ROOT, format, args));
    }

    /* Just enough JSON: the string members of one object; other values are stepped over. */
    private static final class Json {
        private final String s;
        private int at;

        Json(String s) {
            this.s = s;
        }

        String[] strings(String... names) throws IOException {
            String[] out = new String[names.length];
            expect('{');
            if (peek() == '}')
                return out;
            do {
                peek();
                String key = string();
                expect(':');
                if (peek() == '"') {
                    String value = string();
                    for (int i = 0; i < names.length; i++)
                        if (names[i].equals(key))
                            out[i] = value;
                } else {
                    skip();
                }
            } while (next() == ',');
            return out;
        }

        private char peek() throws IOException {
            while (at < s.length() && s.charAt(at) <= ' ')
                at++;
            if (at >= s.length())
                throw new IOException("JSON ends early");
            return s.charAt(at);
        }

        private char next() throws IOException {
            char c = peek();
            at++;
            return c;
        }

        private void expect(char c) throws IOException {
            if (next() != c)
                throw new IOException("JSON: '" + c + "' expected at column " + at);
        }

        private String string() throws IOException {
            int from = ++at, end = at;
            while (s.charAt(end) != '"' && s.charAt(end) != '\\')
                end++;
            if (s.charAt(end) == '"') {
                at = end + 1;
                return s.substring(from, end);
            }
            StringBuilder b = new StringBuilder().append(s, from, end);
            for (at = end;;) {
                char c = s.charAt(at++);
                if (c == '"')
                    return b.toString();
                if (c != '\\') {
                    b.append(c);
                    continue;
                }
                c = s.charAt(at++);
                if (c == 'u') {
                    b.append((char) Integer.parseInt(s.substring(at, at + 4), 16));
                    at += 4;
                } else {
                    int i = "bfnrt".indexOf(c);
                    b.append(i < 0 ? c : "\b\f\n\r\t".charAt(i));
                }
            }
        }

        private void skip() throws IOException {
            int depth = 0;
            do {
                char c = peek();
                if (c == '"') {
                    string();
                    continue;
                }
                if (depth == 0 && (c == ',' || c == '}'))
                    return;
                depth += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
                at++;
            } while (true);
        }
    }
}
