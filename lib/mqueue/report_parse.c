/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * report_parse.c - mqreport's text: one server's queues, parsed
 *
 * Pure.  Strict on what it knows (a number is a number, a queue or a relay
 * comes once), and skips the lines and words that it does not know, so that a
 * later mqreport may say more to an older reader.  A byte that is not printable
 * ASCII makes all of it garbage.  What is owned by a report that has a fault
 * is freed here.
 */
#include <stdlib.h>
#include <string.h>

#include "base/words.h"
#include "mqueue/report.h"

#define REPORT_NAME   255                   /* of a name, decoded */
#define REPORT_NUMBER INT64_C(999999999999) /* a sum of many fits */

/* A name of one word, into *name, which must not be set yet. */
static enum report_fault
report_take_name(char **l, char **name, const char **why)
{
	char *word = words_next(l);

	*why = "a name is missing, comes twice, or is wrongly written";
	if (word == NULL || *name != NULL || !words_decode(word) ||
	    strlen(word) > REPORT_NAME)
		return REPORT_GARBAGE;
	*name = strdup(word);
	return *name != NULL ? REPORT_FINE : REPORT_NO_MEMORY;
}

/* A number in a word of its own, which must not be set yet (-1). */
static enum report_fault
report_take_number(char **l, int64_t *out, const char **why)
{
	*why = "a number is missing, comes twice, or is none";
	if (*out != -1 || !words_number(words_next(l), REPORT_NUMBER, out))
		return REPORT_GARBAGE;
	return REPORT_FINE;
}

/* The words KEY=VALUE of a line that this version knows. */
enum {
	KEY_MESSAGES,
	KEY_OLDEST,
	KEY_LATE,
	KEY_QUARANTINED,
	KEY_LOST,
	KEY_STRANDED, /* may be missing */
	KEY_READ,
	KEY_TOTAL,
	KEY_ROLE,
	KEY_COUNT,
	KEYS
};

static const char *const report_keys[KEYS] = { "messages", "oldest", "late",
	"quarantined", "lost", "stranded", "read", "total", "role", "count" };

struct report_words {
	int64_t value[KEYS]; /* -1: not there */
	char *reason;        /* in the line; or NULL */
};

static int
report_role(const char *name)
{
	int i;

	for (i = QUEUE_OUT; i <= QUEUE_CLIENT; i++)
		if (strcmp(queue_role_name((enum queue_role)i), name) == 0)
			return i;
	return -1;
}

static int
report_count(const char *name)
{
	int i;

	for (i = REPORT_EXACT; i <= REPORT_UNREADABLE; i++)
		if (strcmp(report_count_name((enum report_count)i), name) == 0)
			return i;
	return -1;
}

/* The index of a key, or -1. */
static int
report_key(const char *name)
{
	int i;

	for (i = 0; i < KEYS; i++)
		if (strcmp(report_keys[i], name) == 0)
			return i;
	return -1;
}

/* Reads the rest of a line. */
static bool
report_take_words(char **l, struct report_words *w)
{
	char *word, *value;
	int key;

	*w = (struct report_words){ .reason = NULL };
	for (key = 0; key < KEYS; key++)
		w->value[key] = -1;
	for (;;) {
		*l += strspn(*l, " ");
		/* A reason is the rest of the line, blanks and all. */
		if (strncmp(*l, "reason=", 7) == 0) {
			w->reason = *l + 7;
			return true;
		}
		if ((word = words_next(l)) == NULL)
			return true;
		if ((value = strchr(word, '=')) == NULL)
			continue;
		*value++ = '\0';
		key = report_key(word);
		if (key == -1)
			continue;
		if (w->value[key] != -1)
			return false;
		if (key == KEY_ROLE)
			w->value[key] = report_role(value);
		else if (key == KEY_COUNT)
			w->value[key] = report_count(value);
		else
			words_number(value, REPORT_NUMBER, &w->value[key]);
		if (w->value[key] == -1)
			return false;
	}
}

/* Room for one more row. */
static void *
report_grow(void *rows, size_t n, size_t size)
{
	/* Doubled whenever n is a power of two. */
	if (n != 0 && (n & (n - 1)) != 0)
		return rows;
	return realloc(rows, (n == 0 ? 1 : n * 2) * size);
}

/* The numbers of a queue; false when they are not all there, or no sense. */
static bool
report_set_queue(struct report_queue *q, const struct report_words *w)
{
	int key;

	if (w->value[KEY_ROLE] == -1 || w->value[KEY_COUNT] == -1)
		return false;
	q->role = (enum queue_role)w->value[KEY_ROLE];
	q->count = (enum report_count)w->value[KEY_COUNT];
	if (q->count == REPORT_UNREADABLE)
		return true;
	for (key = KEY_MESSAGES; key <= KEY_LOST; key++)
		if (w->value[key] == -1)
			return false;
	q->messages = (uint64_t)w->value[KEY_MESSAGES];
	q->oldest = w->value[KEY_OLDEST];
	q->late = (uint64_t)w->value[KEY_LATE];
	q->quarantined = (uint64_t)w->value[KEY_QUARANTINED];
	q->lost = (uint64_t)w->value[KEY_LOST];
	if ((q->has_stranded = w->value[KEY_STRANDED] != -1))
		q->stranded = (uint64_t)w->value[KEY_STRANDED];
	return q->late <= q->messages;
}

static enum report_fault
report_take_queue(struct report *r, char **l, const char **why)
{
	struct report_queue *rows, *q;
	struct report_words w;
	enum report_fault fault;
	size_t i;

	if (r->nqueues == REPORT_ROWS) {
		*why = "there are more than a thousand queues";
		return REPORT_TOO_LONG;
	}
	rows = report_grow(r->queues, r->nqueues, sizeof(*rows));
	if (rows == NULL)
		return REPORT_NO_MEMORY;
	r->queues = rows;
	q = &rows[r->nqueues++];
	*q = (struct report_queue){ .name = NULL };
	fault = report_take_name(l, &q->name, why);
	if (fault != REPORT_FINE)
		return fault;
	*why = "a queue line says too little, or what can't be";
	if (!report_take_words(l, &w) || !report_set_queue(q, &w))
		return REPORT_GARBAGE;
	if (w.reason != NULL && (q->reason = strdup(w.reason)) == NULL)
		return REPORT_NO_MEMORY;
	for (i = 0; i + 1 < r->nqueues; i++)
		if (strcmp(rows[i].name, q->name) == 0) {
			*why = "a queue comes twice";
			return REPORT_GARBAGE;
		}
	return REPORT_FINE;
}

static enum report_fault
report_take_relays(struct report *r, char **l, const char **why)
{
	struct report_words w;

	*why = "a relays line says too little, or comes twice";
	if (r->has_relays || !report_take_words(l, &w) ||
	    w.value[KEY_COUNT] == -1)
		return REPORT_GARBAGE;
	r->has_relays = true;
	r->relays_count = (enum report_count)w.value[KEY_COUNT];
	if (r->relays_count == REPORT_UNREADABLE)
		return REPORT_FINE;
	if (w.value[KEY_READ] == -1 || w.value[KEY_TOTAL] < w.value[KEY_READ])
		return REPORT_GARBAGE;
	r->relays_read = (uint64_t)w.value[KEY_READ];
	r->relays_total = (uint64_t)w.value[KEY_TOTAL];
	return REPORT_FINE;
}

static enum report_fault
report_take_relay(struct report *r, char **l, const char **why)
{
	struct report_relay *rows, *relay;
	struct report_words w;
	const char *text;
	size_t i;

	if (r->nrelays == REPORT_ROWS) {
		*why = "there are more than a thousand relays";
		return REPORT_TOO_LONG;
	}
	rows = report_grow(r->relays, r->nrelays, sizeof(*rows));
	if (rows == NULL)
		return REPORT_NO_MEMORY;
	r->relays = rows;
	relay = &rows[r->nrelays++];
	*why = "a relay line has no address or no number";
	if ((text = words_next(l)) == NULL ||
	    addr_parse(&relay->addr, text, strlen(text)) != 0 ||
	    !report_take_words(l, &w) || w.value[KEY_MESSAGES] == -1)
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
report_take_error(struct report *r, char **l, const char **why)
{
	*why = "an error line comes twice";
	if (r->error != NULL)
		return REPORT_GARBAGE;
	r->error = strdup(*l);
	return r->error != NULL ? REPORT_FINE : REPORT_NO_MEMORY;
}

static enum report_fault
report_take_line(struct report *r, char *text, const char **why)
{
	char *l = text;
	const char *tag = words_next(&l);

	if (tag == NULL)
		return REPORT_FINE;
	if (strcmp(tag, "host") == 0)
		return report_take_name(&l, &r->host, why);
	if (strcmp(tag, "time") == 0)
		return report_take_number(&l, &r->time, why);
	if (strcmp(tag, "took") == 0)
		return report_take_number(&l, &r->took, why);
	if (strcmp(tag, "queue") == 0)
		return report_take_queue(r, &l, why);
	if (strcmp(tag, "relays") == 0)
		return report_take_relays(r, &l, why);
	if (strcmp(tag, "relay") == 0)
		return report_take_relay(r, &l, why);
	if (strcmp(tag, "error") == 0)
		return report_take_error(r, &l, why);
	return REPORT_FINE;
}

/* The first line. */
static enum report_fault
report_take_version(char *line, const char **why)
{
	char *l = line;
	const char *tag = words_next(&l);
	int64_t version;

	*why = "it does not begin like a report of mqreport";
	if (tag == NULL || strcmp(tag, "mqreport") != 0 ||
	    !words_number(words_next(&l), REPORT_NUMBER, &version) ||
	    version == 0)
		return REPORT_GARBAGE;
	if (version > REPORT_VERSION) {
		*why = "a newer mqreport made it; update this program";
		return REPORT_TOO_NEW;
	}
	return REPORT_FINE;
}

/* All lines of a copy of the text, up to "end". */
static enum report_fault
report_take_lines(struct report *r, char *text, char *end, const char **why)
{
	enum report_fault fault;
	bool first = true, bad = false;
	char *line;

	while ((line = words_line(&text, end, &bad)) != NULL) {
		if (strcmp(line, "end") == 0 && !first) {
			*why = "there is something after its end";
			return text == end ? REPORT_FINE : REPORT_GARBAGE;
		}
		fault = first ? report_take_version(line, why) :
				report_take_line(r, line, why);
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
report_check_whole(struct report *r, const char **why)
{
	uint64_t messages = 0;
	size_t i;

	*why = "it does not say its host, its time, or any queue";
	if (r->host == NULL || r->time == -1)
		return REPORT_GARBAGE;
	if (r->error == NULL && (r->nqueues == 0 || r->took == -1))
		return REPORT_GARBAGE;
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
report_parse(struct report *r, const char *bytes, size_t n, const char **why)
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
		fault = report_take_lines(r, copy, copy + n, why);
	}
	if (fault == REPORT_FINE)
		fault = report_check_whole(r, why);
	if (fault == REPORT_NO_MEMORY)
		*why = "out of memory";
	if (fault != REPORT_FINE && fault != REPORT_FAILED)
		report_free(r);
	free(copy);
	return fault;
}
