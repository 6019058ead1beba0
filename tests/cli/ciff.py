#!/usr/bin/env python3
"""ciff.py - a reader of CIFF written apart from the command: Google's protobuf, by descriptors of the format made here.

    ciff.py --can           is there a protobuf?
    ciff.py FILE            the header, then a line for each posting and each document, tabs between
    ciff.py FILE EXPORT     compares all of it with a count: EXPORT is what `fihrist export` writes of the same index,
                            each of whose texts `fihrist analyze --json` takes apart; says what it compared

Every message must be read to its last byte, the file end with the last document, and its counts be what they count.
"""
import json
import subprocess
import sys

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

FIELD = descriptor_pb2.FieldDescriptorProto
INT32, INT64, DOUBLE, STRING = FIELD.TYPE_INT32, FIELD.TYPE_INT64, FIELD.TYPE_DOUBLE, FIELD.TYPE_STRING
MESSAGES = {
    "Header": [("version", INT32), ("num_postings_lists", INT32), ("num_docs", INT32), ("total_postings_lists", INT32),
               ("total_docs", INT32), ("total_terms_in_collection", INT64), ("average_doclength", DOUBLE),
               ("description", STRING)],
    "Posting": [("docid", INT32), ("tf", INT32)],
    "PostingsList": [("term", STRING), ("df", INT64), ("cf", INT64), ("postings", "Posting")],
    "DocRecord": [("docid", INT32), ("collection_docid", STRING), ("doclength", INT32)],
}


def make_messages():
    """The classes of the messages, by name."""
    file = descriptor_pb2.FileDescriptorProto(name="ciff.proto", package="ciff", syntax="proto3")
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for number, (field, kind) in enumerate(fields, 1):
            out = message.field.add(name=field, number=number)
            if isinstance(kind, str):
                out.type, out.label, out.type_name = FIELD.TYPE_MESSAGE, FIELD.LABEL_REPEATED, ".ciff." + kind
            else:
                out.type, out.label = kind, FIELD.LABEL_OPTIONAL
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    factory = message_factory.MessageFactory(pool)
    return {name: factory.GetPrototype(pool.FindMessageTypeByName("ciff." + name)) for name in MESSAGES}


class Reader:
    """Messages of a file, one after the other."""

    def __init__(self, path):
        self.bytes = open(path, "rb").read()
        self.at = 0
        self.kinds = make_messages()

    def length(self):
        value = shift = 0
        while True:
            byte = self.bytes[self.at]
            self.at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def next(self, kind):
        end = self.length() + self.at
        assert end <= len(self.bytes), "a message ends behind the file"
        message = self.kinds[kind]()
        message.ParseFromString(self.bytes[self.at:end])
        assert not message.UnknownFields(), "unknown fields in a " + kind
        self.at = end
        return message


def read(path):
    """Header, {term: {number: tf}}, [(id, length)]; checks what the file says of itself."""
    reader = Reader(path)
    header = reader.next("Header")
    lists, docs, last = {}, [], b""
    for _ in range(header.num_postings_lists):
        message = reader.next("PostingsList")
        postings, number = {}, 0
        for i, posting in enumerate(message.postings):
            assert i == 0 or posting.docid > 0, "documents of %s do not ascend" % message.term
            number += posting.docid
            postings[number] = posting.tf
        assert message.term.encode() > last, "%s is not above the term before" % message.term
        assert message.df == len(postings) > 0 and message.cf == sum(postings.values()), message.term
        assert min(postings.values()) > 0 and max(postings) < header.num_docs, message.term
        last = message.term.encode()
        lists[message.term] = postings
    for i in range(header.num_docs):
        message = reader.next("DocRecord")
        assert message.docid == i, "record %d says %d" % (i, message.docid)
        docs.append((message.collection_docid, message.doclength))
    assert reader.at == len(reader.bytes), "bytes behind the last document"
    assert header.version == 1 and header.total_docs == header.num_docs
    assert header.total_postings_lists == header.num_postings_lists
    words = sum(length for _, length in docs)
    assert header.total_terms_in_collection == words
    assert header.average_doclength == (words / len(docs) if docs else 0)
    return header, lists, docs


def count(document):
    """Stems by how often, and the number of words."""
    text = document.get("title", "") + "\n" + document.get("body", "")
    came = subprocess.run(["fihrist", "analyze", "--json"], input=text.encode(), stdout=subprocess.PIPE, check=True)
    stems, positions = {}, set()
    for line in came.stdout.splitlines():
        token = json.loads(line)
        if token.get("level") == "stem":
            stems[token["term"]] = stems.get(token["term"], 0) + 1
            positions.add(token["position"])
    return stems, len(positions)


def compare(path, export):
    """Prints what differs, and what was compared."""
    _, lists, docs = read(path)
    wants, wants_docs = {}, []
    for n, line in enumerate(open(export, encoding="utf-8")):
        document = json.loads(line)
        stems, words = count(document)
        wants_docs.append((document["id"], words))
        for term, tf in stems.items():
            wants.setdefault(term, {})[n] = tf
    for i, (came, want) in enumerate(zip(docs, wants_docs)):
        if came != want:
            print("document %d: %r, wanted %r" % (i, came, want))
    for term in sorted(set(lists) | set(wants)):
        if lists.get(term) != wants.get(term):
            print("%s: %r, wanted %r" % (term, lists.get(term), wants.get(term)))
    print("%d documents, %d lists, %d postings: %s" %
          (len(docs), len(lists), sum(len(p) for p in lists.values()),
           "the same" if lists == wants and docs == wants_docs else "others"))


def main(args):
    if args == ["--can"]:
        make_messages()
    elif len(args) == 2:
        compare(*args)
    else:
        header, lists, docs = read(args[0])
        print(header.num_postings_lists, header.num_docs, header.total_terms_in_collection, header.average_doclength,
              header.description, sep="\t")
        for term, postings in lists.items():
            for number, tf in postings.items():
                print(term, docs[number][0], tf, sep="\t")
        for name, length in docs:
            print(name, length, sep="\t")


main(sys.argv[1:])
