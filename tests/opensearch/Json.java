/* Json.java - a text of JSON as maps, lists, strings, numbers (Long or Double), booleans and null. */
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

final class Json {
    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    static Object parse(String text) {
        Json j = new Json(text);
        Object value = j.value();
        j.blanks();
        if (j.at < text.length())
            throw j.wrong();
        return value;
    }

    private IllegalArgumentException wrong() {
        return new IllegalArgumentException("JSON that is none, at " + at);
    }

    private void blanks() {
        while (at < text.length() && text.charAt(at) <= ' ')
            at++;
    }

    private char next() {
        blanks();
        if (at == text.length())
            throw wrong();
        return text.charAt(at);
    }

    private boolean take(char c) {
        if (next() != c)
            return false;
        at++;
        return true;
    }

    private Object value() {
        switch (next()) {
        case '{':
            return object();
        case '[':
            return list();
        case '"':
            return string();
        default:
            return word();
        }
    }

    private Map<String, Object> object() {
        Map<String, Object> all = new LinkedHashMap<>();
        at++;
        while (!take('}')) {
            if (!all.isEmpty() && !take(','))
                throw wrong();
            next();
            String name = string();
            if (!take(':') || all.put(name, value()) != null)
                throw wrong();
        }
        return all;
    }

    private List<Object> list() {
        List<Object> all = new ArrayList<>();
        at++;
        while (!take(']')) {
            if (!all.isEmpty() && !take(','))
                throw wrong();
            all.add(value());
        }
        return all;
    }

    private String string() {
        StringBuilder s = new StringBuilder();
        if (text.charAt(at++) != '"')
            throw wrong();
        for (char c; (c = text.charAt(at++)) != '"';) {
            if (c != '\\') {
                s.append(c);
                continue;
            }
            c = text.charAt(at++);
            int known = "nrtbf".indexOf(c);
            if (c == 'u') {
                s.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
                at += 4;
            } else {
                s.append(known < 0 ? c : "\n\r\t\b\f".charAt(known));
            }
        }
        return s.toString();
    }

    private Object word() {
        int from = at;
        while (at < text.length() && ",]} \n\r\t".indexOf(text.charAt(at)) < 0)
            at++;
        String word = text.substring(from, at);
        switch (word) {
        case "true":
            return Boolean.TRUE;
        case "false":
            return Boolean.FALSE;
        case "null":
            return null;
        default:
            return word.matches("-?[0-9]+") ? (Object) Long.valueOf(word) : (Object) Double.valueOf(word);
        }
    }
}
