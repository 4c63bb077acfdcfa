/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * read.c - mqreport's text becomes a report
 *
 * Pure.  Strict on what it knows (a number is a number, a queue or a relay
 * comes once, and no number contradicts another), and skips the lines and words
 * that it does not know, so that a later mqreport may say more to an older
 * reader.  A byte that is not printable ASCII makes all of it garbage.  A
 * report with a fault is freed here.
 */
#include <stdlib.h>
#include <string.h>

#include "base/words.h"
#include "report/read.h"

#define READ_NAME   255                   /* of a name, decoded */
#define READ_NUMBER INT64_C(999999999999) /* a sum of many fits */

/* Hex digits of a machine: mqreport writes 32. */
#define READ_MACHINE_MIN 16
#define READ_MACHINE_MAX 64

/* A name of one word, into *name, which must not be set yet. */
static enum report_fault
read_take_name(char **l, char **name, const char **why)
{
	char *word = words_next(l);

	*why = "a name is missing, comes twice, or is wrongly written";
	if (word == NULL || *name != NULL || !words_decode(word) ||
	    strlen(word) > READ_NAME)
		return REPORT_GARBAGE;
	*name = strdup(word);
	return *name != NULL ? REPORT_FINE : REPORT_NO_MEMORY;
}

/* Digits as mqreport writes them: no sign, and no zero in front. */
static bool
read_number(const char *s, int64_t *out)
{
	return s != NULL && (s[0] != '0' || s[1] == '\0') &&
	    words_number(s, READ_NUMBER, out);
}

/* A number in a word of its own, which must not be set yet (-1). */
static enum report_fault
read_take_number(char **l, int64_t *out, const char **why)
{
	*why = "a number is missing, comes twice, or is not a number";
	if (*out != -1 || !read_number(words_next(l), out))
		return REPORT_GARBAGE;
	return REPORT_FINE;
}

/* Hex digits in a word of their own. */
static enum report_fault
read_take_machine(char **l, char **machine, const char **why)
{
	char *word = words_next(l);
	size_t n;

	*why = "a machine is missing, comes twice, or is no hex digits";
	if (word == NULL || *machine != NULL)
		return REPORT_GARBAGE;
	n = strspn(word, "0123456789abcdef");
	if (n < READ_MACHINE_MIN || n > READ_MACHINE_MAX || word[n] != '\0')
		return REPORT_GARBAGE;
	*machine = strdup(word);
	return *machine != NULL ? REPORT_FINE : REPORT_NO_MEMORY;
}

/* The lines that have words KEY=VALUE. */
enum {
	READ_QUEUE = 1,
	READ_RELAYS = 2,
	READ_RELAY = 4,
};

/* When a line has to have a word. */
enum read_need {
	READ_NEED_NO,      /* 0.1.0 does not write it */
	READ_NEED_COUNTED, /* unless it is unreadable */
	READ_NEED_ALWAYS,
};

/* What a value is; each is kept as a number, which -1 is not. */
enum read_value {
	READ_VALUE_NUMBER,
	READ_VALUE_ROLE,
	READ_VALUE_COUNT,
	READ_VALUE_WHOLE,
};

enum {
	KEY_MESSAGES,
	KEY_OLDEST,
	KEY_LATE,
	KEY_QUARANTINED,
	KEY_LOST,
	KEY_UNDATED,
	KEY_FUTURE,
	KEY_OLDEST_MAX,
	KEY_LATE_MAX,
	KEY_STRANDED,
	KEY_OLDEST_HELD,
	KEY_READ,
	KEY_TOTAL,
	KEY_COMPLETE,
	KEY_ROLE,
	KEY_COUNT,
	KEYS
};

/* The words that this version knows; in other lines it does not know them. */
static const struct read_key {
	const char *name;
	unsigned int lines;
	enum read_value value;
	enum read_need need;
} read_keys[KEYS] = {
	/* clang-format off */
	[KEY_MESSAGES] = { "messages", READ_QUEUE | READ_RELAY,
	    READ_VALUE_NUMBER, READ_NEED_COUNTED },
	[KEY_OLDEST] = { "oldest", READ_QUEUE,
	    READ_VALUE_NUMBER, READ_NEED_COUNTED },
	[KEY_LATE] = { "late", READ_QUEUE,
	    READ_VALUE_NUMBER, READ_NEED_COUNTED },
	[KEY_QUARANTINED] = { "quarantined", READ_QUEUE,
	    READ_VALUE_NUMBER, READ_NEED_COUNTED },
	[KEY_LOST] = { "lost", READ_QUEUE,
	    READ_VALUE_NUMBER, READ_NEED_COUNTED },
	[KEY_UNDATED] = { "undated", READ_QUEUE,
	    READ_VALUE_NUMBER, READ_NEED_NO },
	[KEY_FUTURE] = { "future", READ_QUEUE,
	    READ_VALUE_NUMBER, READ_NEED_NO },
	[KEY_OLDEST_MAX] = { "oldest-max", READ_QUEUE,
	    READ_VALUE_NUMBER, READ_NEED_NO },
	[KEY_LATE_MAX] = { "late-max", READ_QUEUE,
	    READ_VALUE_NUMBER, READ_NEED_NO },
	[KEY_STRANDED] = { "stranded", READ_QUEUE,
	    READ_VALUE_NUMBER, READ_NEED_NO },
	[KEY_OLDEST_HELD] = { "oldest-held", READ_QUEUE,
	    READ_VALUE_NUMBER, READ_NEED_NO },
	[KEY_READ] = { "read", READ_RELAYS,
	    READ_VALUE_NUMBER, READ_NEED_COUNTED },
	[KEY_TOTAL] = { "total", READ_RELAYS,
	    READ_VALUE_NUMBER, READ_NEED_COUNTED },
	[KEY_COMPLETE] = { "complete", READ_RELAYS,
	    READ_VALUE_WHOLE, READ_NEED_NO },
	[KEY_ROLE] = { "role", READ_QUEUE,
	    READ_VALUE_ROLE, READ_NEED_ALWAYS },
	[KEY_COUNT] = { "count", READ_QUEUE | READ_RELAYS,
	    READ_VALUE_COUNT, READ_NEED_ALWAYS },
	/* clang-format on */
};

struct read_words {
	int64_t value[KEYS]; /* -1: not there */
	bool numbers;        /* there is one at least */
	char *reason;        /* in the line; or NULL */
};

static int
read_role(const char *name)
{
	int i;

	for (i = QUEUE_OUT; i <= QUEUE_CLIENT; i++)
		if (strcmp(queue_role_name((enum queue_role)i), name) == 0)
			return i;
	return -1;
}

static int
read_count(const char *name)
{
	int i;

	for (i = REPORT_EXACT; i <= REPORT_UNREADABLE; i++)
		if (strcmp(report_count_name((enum report_count)i), name) == 0)
			return i;
	return -1;
}

static int
read_whole(const char *name)
{
	if (strcmp(name, "yes") == 0)
		return REPORT_WHOLE_YES;
	return strcmp(name, "no") == 0 ? REPORT_WHOLE_NO : -1;
}

/* The index of a key that such a line may have, or -1. */
static int
read_key(const char *name, unsigned int line)
{
	int i;

	for (i = 0; i < KEYS; i++)
		if ((read_keys[i].lines & line) != 0 &&
		    strcmp(read_keys[i].name, name) == 0)
			return i;
	return -1;
}

/* The value of a key; -1: the text is not one. */
static int64_t
read_value(const struct read_key *key, const char *text)
{
	int64_t number;

	switch (key->value) {
	case READ_VALUE_ROLE:
		return read_role(text);
	case READ_VALUE_COUNT:
		return read_count(text);
	case READ_VALUE_WHOLE:
		return read_whole(text);
	default:
		return read_number(text, &number) ? number : -1;
	}
}

/* Reads one KEY=VALUE.  False: it comes twice, or its value is wrong. */
static bool
read_take_word(struct read_words *w, unsigned int line, char *word)
{
	char *value = strchr(word, '=');
	int key;

	if (value == NULL)
		return true;
	*value++ = '\0';
	if ((key = read_key(word, line)) == -1)
		return true;
	if (w->value[key] != -1)
		return false;
	w->value[key] = read_value(&read_keys[key], value);
	w->numbers |= read_keys[key].value == READ_VALUE_NUMBER;
	return w->value[key] != -1;
}

/* Reads the rest of such a line.  False: a word is missing, or is wrong. */
static bool
read_take_words(char **l, unsigned int line, struct read_words *w)
{
	enum read_need need;
	char *word;
	int key;

	*w = (struct read_words){ .reason = NULL };
	for (key = 0; key < KEYS; key++)
		w->value[key] = -1;
	for (;;) {
		*l += strspn(*l, " ");
		/* A reason is the rest of the line, blanks and all. */
		if (line == READ_QUEUE && strncmp(*l, "reason=", 7) == 0) {
			w->reason = *l + 7;
			break;
		}
		if ((word = words_next(l)) == NULL)
			break;
		if (!read_take_word(w, line, word))
			return false;
	}
	need = w->value[KEY_COUNT] == REPORT_UNREADABLE ? READ_NEED_ALWAYS :
							  READ_NEED_COUNTED;
	for (key = 0; key < KEYS; key++)
		if ((read_keys[key].lines & line) != 0 &&
		    read_keys[key].need >= need && w->value[key] == -1)
			return false;
	return true;
}

/* Room for one more row. */
static void *
read_grow(void *rows, size_t n, size_t size)
{
	/* Doubled whenever n is a power of two. */
	if (n != 0 && (n & (n - 1)) != 0)
		return rows;
	return realloc(rows, (n == 0 ? 1 : n * 2) * size);
}

/* A number that is only written where it says something. */
static int64_t
read_optional(const struct read_words *w, int key, int64_t otherwise)
{
	return w->value[key] != -1 ? w->value[key] : otherwise;
}

/* What the words of a queue contradict each other in; NULL: nothing. */
static const char *
read_queue_nonsense(const struct read_words *w)
{
	const int64_t *v = w->value;
	int64_t dateless = read_optional(w, KEY_UNDATED, 0) +
	    read_optional(w, KEY_FUTURE, 0);
	int64_t late_max = read_optional(w, KEY_LATE_MAX, v[KEY_LATE]);
	int64_t oldest_max = read_optional(w, KEY_OLDEST_MAX, v[KEY_OLDEST]);

	if (v[KEY_COUNT] == REPORT_UNREADABLE)
		return w->numbers ? "an unreadable queue has numbers" : NULL;
	if (v[KEY_COUNT] == REPORT_EXACT && w->reason != NULL)
		return "an exact count has a reason why it is not exact";
	/* Bounds or not, the numbers of a queue are of the same messages. */
	if (v[KEY_LATE] > v[KEY_MESSAGES])
		return "a queue has more late messages than messages";
	if (late_max < v[KEY_LATE] || oldest_max < v[KEY_OLDEST])
		return "a queue has a bound that is below what is sure";
	if (dateless + late_max > v[KEY_MESSAGES])
		return "a queue has more late and undated messages than"
		       " messages";
	if (v[KEY_MESSAGES] == 0 && v[KEY_OLDEST] != 0)
		return "a queue without a message has an oldest one";
	if (dateless == v[KEY_MESSAGES] && oldest_max != 0)
		return "a queue has an oldest message and none with an age";
	if (v[KEY_LATE] != 0 && v[KEY_OLDEST] <= REPORT_LATE)
		return "a queue has late messages and none that is old";
	if (v[KEY_LATE] == 0 && v[KEY_OLDEST] > REPORT_LATE)
		return "a queue has an old message and none that is late";
	if (v[KEY_QUARANTINED] == 0 &&
	    read_optional(w, KEY_OLDEST_HELD, 0) != 0)
		return "a queue without a quarantined message has an oldest"
		       " one";
	return NULL;
}

static void
read_set_queue(struct report_queue *q, const struct read_words *w)
{
	q->role = (enum queue_role)w->value[KEY_ROLE];
	q->count = (enum report_count)w->value[KEY_COUNT];
	if (q->count == REPORT_UNREADABLE)
		return;
	q->messages = (uint64_t)w->value[KEY_MESSAGES];
	q->oldest = w->value[KEY_OLDEST];
	q->late = (uint64_t)w->value[KEY_LATE];
	q->held = (uint64_t)w->value[KEY_QUARANTINED];
	q->lost = (uint64_t)w->value[KEY_LOST];
	q->undated = (uint64_t)read_optional(w, KEY_UNDATED, 0);
	q->future = (uint64_t)read_optional(w, KEY_FUTURE, 0);
	q->oldest_max = read_optional(w, KEY_OLDEST_MAX, q->oldest);
	q->late_max = (uint64_t)read_optional(w, KEY_LATE_MAX,
	    w->value[KEY_LATE]);
	q->has_stranded = w->value[KEY_STRANDED] != -1;
	q->stranded = (uint64_t)read_optional(w, KEY_STRANDED, 0);
	q->oldest_held = read_optional(w, KEY_OLDEST_HELD, 0);
}

static enum report_fault
read_take_queue(struct report *r, char **l, const char **why)
{
	struct report_queue *rows, *q;
	enum report_fault fault;
	struct read_words w;
	const char *nonsense;
	size_t i;

	if (r->nqueues == REPORT_ROWS) {
		*why = "there are more than a thousand queues";
		return REPORT_TOO_LONG;
	}
	rows = read_grow(r->queues, r->nqueues, sizeof(*rows));
	if (rows == NULL)
		return REPORT_NO_MEMORY;
	r->queues = rows;
	q = &rows[r->nqueues++];
	*q = (struct report_queue){ .name = NULL };
	fault = read_take_name(l, &q->name, why);
	if (fault != REPORT_FINE)
		return fault;
	*why = "a queue line says too little, or what can't be";
	if (!read_take_words(l, READ_QUEUE, &w))
		return REPORT_GARBAGE;
	if ((nonsense = read_queue_nonsense(&w)) != NULL) {
		*why = nonsense;
		return REPORT_GARBAGE;
	}
	read_set_queue(q, &w);
	if (w.reason != NULL && (q->reason = strdup(w.reason)) == NULL)
		return REPORT_NO_MEMORY;
	for (i = 0; i + 1 < r->nqueues; i++)
		if (strcmp(rows[i].name, q->name) == 0) {
			*why = "a queue comes twice";
			return REPORT_GARBAGE;
		}
	return REPORT_FINE;
}

/* The same of the line relays. */
static const char *
read_relays_nonsense(const struct read_words *w)
{
	const int64_t *v = w->value;

	if (v[KEY_COUNT] == REPORT_UNREADABLE) {
		/* 0.1.0 writes read=0, and a total. */
		if (v[KEY_READ] > 0)
			return "relays are unreadable and were read";
		return v[KEY_COMPLETE] == REPORT_WHOLE_YES ?
		    "relays are unreadable and complete" :
		    NULL;
	}
	if (v[KEY_READ] > v[KEY_TOTAL])
		return "more was read for the relays than there is";
	if (v[KEY_COUNT] != REPORT_EXACT)
		return NULL;
	if (v[KEY_COMPLETE] == REPORT_WHOLE_NO)
		return "relays are exact and not complete";
	return v[KEY_READ] != v[KEY_TOTAL] ?
	    "relays are exact, and not all was read for them" :
	    NULL;
}

static enum report_fault
read_take_relays(struct report *r, char **l, const char **why)
{
	struct read_words w;
	const char *nonsense;

	*why = "a relays line says too little, or comes twice";
	if (r->has_relays || !read_take_words(l, READ_RELAYS, &w))
		return REPORT_GARBAGE;
	if ((nonsense = read_relays_nonsense(&w)) != NULL) {
		*why = nonsense;
		return REPORT_GARBAGE;
	}
	r->has_relays = true;
	r->relays_count = (enum report_count)w.value[KEY_COUNT];
	if (w.value[KEY_COMPLETE] != -1)
		r->relays_whole = (enum report_whole)w.value[KEY_COMPLETE];
	if (r->relays_count == REPORT_UNREADABLE)
		return REPORT_FINE;
	r->relays_read = (uint64_t)w.value[KEY_READ];
	r->relays_total = (uint64_t)w.value[KEY_TOTAL];
	return REPORT_FINE;
}

static enum report_fault
read_take_relay(struct report *r, char **l, const char **why)
{
	struct report_relay *rows, *relay;
	struct read_words w;
	const char *text;
	size_t i;

	if (r->nrelays == REPORT_ROWS) {
		*why = "there are more than a thousand relays";
		return REPORT_TOO_LONG;
	}
	rows = read_grow(r->relays, r->nrelays, sizeof(*rows));
	if (rows == NULL)
		return REPORT_NO_MEMORY;
	r->relays = rows;
	relay = &rows[r->nrelays++];
	*why = "a relay line has no address or no number";
	if ((text = words_next(l)) == NULL ||
	    addr_parse(&relay->addr, text, strlen(text)) != 0 ||
	    !read_take_words(l, READ_RELAY, &w))
		return REPORT_GARBAGE;
	relay->messages = (uint64_t)w.value[KEY_MESSAGES];
	for (i = 0; i + 1 < r->nrelays; i++)
		if (addr_equal(&rows[i].addr, &relay->addr)) {
			*why = "a relay comes twice";
			return REPORT_GARBAGE;
		}
	return REPORT_FINE;
}

static enum report_fault
read_take_error(struct report *r, char **l, const char **why)
{
	*why = "an error line comes twice";
	if (r->error != NULL)
		return REPORT_GARBAGE;
	r->error = strdup(*l);
	return r->error != NULL ? REPORT_FINE : REPORT_NO_MEMORY;
}

static enum report_fault
read_take_line(struct report *r, char *text, const char **why)
{
	char *l = text;
	const char *tag = words_next(&l);

	if (tag == NULL)
		return REPORT_FINE;
	/* Two reports run into each other. */
	*why = "a report begins in it a second time";
	if (strcmp(tag, "mqreport") == 0)
		return REPORT_GARBAGE;
	if (strcmp(tag, "host") == 0)
		return read_take_name(&l, &r->host, why);
	if (strcmp(tag, "machine") == 0)
		return read_take_machine(&l, &r->machine, why);
	if (strcmp(tag, "time") == 0)
		return read_take_number(&l, &r->time, why);
	if (strcmp(tag, "took") == 0)
		return read_take_number(&l, &r->took, why);
	if (strcmp(tag, "queue") == 0)
		return read_take_queue(r, &l, why);
	if (strcmp(tag, "relays") == 0)
		return read_take_relays(r, &l, why);
	if (strcmp(tag, "relay") == 0)
		return read_take_relay(r, &l, why);
	if (strcmp(tag, "error") == 0)
		return read_take_error(r, &l, why);
	return REPORT_FINE;
}

/* The first line. */
static enum report_fault
read_take_version(char *line, const char **why)
{
	char *l = line;
	const char *tag = words_next(&l);
	int64_t version;

	*why = "it does not begin like a report of mqreport";
	if (tag == NULL || strcmp(tag, "mqreport") != 0 ||
	    !read_number(words_next(&l), &version) || version == 0)
		return REPORT_GARBAGE;
	if (version > REPORT_VERSION) {
		*why = "a newer mqreport made it; update this program";
		return REPORT_TOO_NEW;
	}
	return REPORT_FINE;
}

/* All lines of a copy of the text, up to "end". */
static enum report_fault
read_take_lines(struct report *r, char *text, char *end, const char **why)
{
	enum report_fault fault;
	bool first = true, bad = false;
	char *line;

	while ((line = words_line(&text, end, &bad)) != NULL) {
		if (strcmp(line, "end") == 0 && !first) {
			*why = "there is something after its end";
			return text == end ? REPORT_FINE : REPORT_GARBAGE;
		}
		fault = first ? read_take_version(line, why) :
				read_take_line(r, line, why);
		if (fault != REPORT_FINE)
			return fault;
		first = false;
	}
	if (bad) {
		*why = "it has bytes that are not ASCII text";
		return REPORT_GARBAGE;
	}
	*why = "its end is missing";
	return REPORT_CUT;
}

/* Is all there that a whole report has? */
static enum report_fault
read_check_whole(struct report *r, const char **why)
{
	uint64_t messages = 0;
	size_t i;

	*why = "it does not say its host, its time, or any queue";
	if (r->host == NULL || r->time == -1)
		return REPORT_GARBAGE;
	if (r->error == NULL && (r->nqueues == 0 || r->took == -1))
		return REPORT_GARBAGE;
	*why = "it has relays, and does not say of how many messages";
	if (r->nrelays != 0 && !r->has_relays)
		return REPORT_GARBAGE;
	for (i = 0; i < r->nrelays; i++)
		messages += r->relays[i].messages;
	if (messages > r->relays_read) {
		*why = "its relays have more messages than were read";
		return REPORT_GARBAGE;
	}
	if (r->error == NULL)
		return REPORT_FINE;
	if (r->took == -1)
		r->took = 0;
	*why = r->error;
	return REPORT_FAILED;
}

enum report_fault
report_read(struct report *r, const char *bytes, size_t n, const char **why)
{
	enum report_fault fault = REPORT_NO_MEMORY;
	char *copy;

	*r = (struct report){ .time = -1, .took = -1 };
	if (n == 0) {
		*why = "the connection was closed without an answer; may this"
		       " host connect there?";
		return REPORT_REFUSED;
	}
	if (n > REPORT_MAX) {
		*why = "it is longer than a report can be";
		return REPORT_TOO_LONG;
	}
	if ((copy = malloc(n)) != NULL) {
		memcpy(copy, bytes, n);
		fault = read_take_lines(r, copy, copy + n, why);
	}
	if (fault == REPORT_FINE)
		fault = read_check_whole(r, why);
	if (fault == REPORT_NO_MEMORY)
		*why = "out of memory";
	if (fault != REPORT_FINE && fault != REPORT_FAILED)
		report_free(r);
	free(copy);
	return fault;
}
