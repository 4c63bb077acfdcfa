/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * selector.c - which messages an operator means
 *
 * The selector owns the texts of its words.  It may decide what is deleted, so
 * it is read strictly: nothing is guessed, completed or ignored.  A word never
 * matches a message that does not have the part that it is about.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/num.h"
#include "mail/key.h"
#include "mail/selector.h"
#include "mail/statuskey.h"

#define SELECTOR_SHOWN 80 /* bytes shown of a word that is refused */

/* How words begin, and what is expected after that. */
static const struct {
	const char *prefix, *expected;
} selector_kinds[SELECTOR_KINDS] = {
	[SELECTOR_RELAY] = { "relay:", NULL },
	[SELECTOR_NAME] = { "name:",
	    "expected the end of a host name, like name:spam.example" },
	[SELECTOR_HELO] = { "helo:",
	    "expected what a client says of itself, like helo:friend" },
	[SELECTOR_SENDER] = { "sender:",
	    "expected an address, like sender:win@spam.example, or sender:<>"
	    " for the null sender" },
	[SELECTOR_SENDER_DOMAIN] = { "sender-domain:",
	    "expected a domain, like sender-domain:spam.example" },
	[SELECTOR_RECIPIENT] = { "recipient:",
	    "expected an address, like recipient:info@lab.example" },
	[SELECTOR_RECIPIENT_DOMAIN] = { "recipient-domain:",
	    "expected a domain, like recipient-domain:lab.example" },
	[SELECTOR_STATUS] = { "status:",
	    "expected a reason or a reply, like 'status:Deferred: Connection"
	    " refused'" },
	[SELECTOR_CLASS] = { "class:",
	    "expected class: and smtp, loopback, local, bounce, none, unknown"
	    " or incomplete" },
};

static int
selector_refuse(struct buf *why, const char *word, const char *expected)
{
	buf_addc(why, '\'');
	clean_adds(why, word, SELECTOR_SHOWN);
	buf_addf(why, "': %s", expected);
	return -1;
}

/* The text after the prefix, or NULL if there is no such prefix. */
static const char *
selector_after(const char *word, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(word, prefix, n) == 0 ? word + n : NULL;
}

static int
selector_add_kind(struct selector *s, const struct selector_word *word,
    struct buf *why)
{
	struct selector_word *words;

	words = realloc(s->words, (s->nwords + 1) * sizeof(*words));
	if (words == NULL) {
		buf_adds(why, "out of memory");
		return -1;
	}
	s->words = words;
	words[s->nwords++] = *word;
	return 0;
}

/* Does the name consist of labels, none of which is empty? */
static bool
selector_is_host(const char *s)
{
	return *s != '\0' && *s != '.' && s[strlen(s) - 1] != '.' &&
	    strstr(s, "..") == NULL && strchr(s, '@') == NULL;
}

static bool
selector_is_value(const struct selector_word *w)
{
	struct addr unused;

	switch (w->kind) {
	case SELECTOR_NAME:
		return selector_is_host(w->text) &&
		    addr_parse(&unused, w->text, w->n) != 0;
	case SELECTOR_SENDER_DOMAIN:
	case SELECTOR_RECIPIENT_DOMAIN:
		return memchr(w->text, '@', w->n) == NULL;
	default:
		return true;
	}
}

static int
selector_hex(char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *at = c != '\0' ? strchr(digits, c) : NULL;

	return at != NULL ? (int)(at - digits) % 16 : -1;
}

/* Replaces each %XX by its byte, in place; returns the new length. */
static size_t
selector_decode(char *s, size_t n)
{
	size_t from, to = 0;
	int high, low;
	char c;

	for (from = 0; from < n; from++) {
		c = s[from];
		high = c == '%' ? selector_hex(s[from + 1]) : -1;
		low = high != -1 ? selector_hex(s[from + 2]) : -1;
		if (low != -1) {
			c = (char)(high * 16 + low);
			from += 2;
		}
		s[to++] = c;
	}
	s[to] = '\0';
	return to;
}

/* May the text of this kind have <> around it? */
static bool
selector_is_address(enum selector_kind kind)
{
	return kind >= SELECTOR_SENDER && kind <= SELECTOR_RECIPIENT_DOMAIN;
}

/* A reply becomes the reason that messages are grouped by; there is room. */
static void
selector_fold(struct selector_word *w)
{
	char room[STATUSKEY_MAX];
	struct span reason = statuskey_fold((struct span){ w->text, w->n },
	    room);

	w->n = reason.n;
	memcpy(w->text, room, w->n);
	w->text[w->n] = '\0';
}

static int
selector_add_text(struct selector *s, enum selector_kind kind, const char *word,
    const char *value, struct buf *why)
{
	struct selector_word w = { .kind = kind };
	size_t n = strlen(value);
	size_t room = n < STATUSKEY_MAX ? STATUSKEY_MAX : n;
	bool null = false;
	int rc;

	if (selector_is_address(kind) && n >= 2 && *value == '<' &&
	    value[n - 1] == '>') {
		value++;
		n -= 2;
		null = n == 0 && kind <= SELECTOR_SENDER_DOMAIN;
	}
	if ((w.text = malloc(room + 1)) == NULL) {
		buf_adds(why, "out of memory");
		return -1;
	}
	memcpy(w.text, value, n);
	w.text[n] = '\0';
	w.n = selector_decode(w.text, n);
	if (kind == SELECTOR_STATUS)
		selector_fold(&w);
	if ((w.n == 0 && !null) || !selector_is_value(&w))
		rc = selector_refuse(why, word, selector_kinds[kind].expected);
	else
		rc = selector_add_kind(s, &w, why);
	if (rc != 0)
		free(w.text);
	return rc;
}

static int
selector_add_class(struct selector *s, const char *word, const char *value,
    struct buf *why)
{
	struct selector_word w = { .kind = SELECTOR_CLASS };
	int i;

	for (i = 0; i < RELAY_CLASSES; i++)
		if (strcmp(value, relay_class_name((enum relay_class)i)) == 0) {
			w.class = (enum relay_class)i;
			return selector_add_kind(s, &w, why);
		}
	return selector_refuse(why, word,
	    selector_kinds[SELECTOR_CLASS].expected);
}

static int
selector_add_age(struct selector *s, int64_t *age, const char *word,
    const char *value, struct buf *why)
{
	const char *expected;
	int64_t seconds;

	if (*age != -1)
		return selector_refuse(why, word, "this was said before");
	if (num_duration(value, &seconds, &expected) != 0)
		return selector_refuse(why, word, expected);
	*age = seconds;
	if (s->older != -1 && s->newer != -1 && s->newer <= s->older)
		return selector_refuse(why, word,
		    "expected newer: to be longer than older:, because no"
		    " message is both");
	return 0;
}

static int
selector_add_relay(struct selector *s, const char *word, const char *value,
    struct buf *why)
{
	struct selector_word w = { .kind = SELECTOR_RELAY };
	const char *expected;

	if (addr_parse_prefix(&w.prefix, value, &expected) == 0)
		return selector_add_kind(s, &w, why);
	if (addr_parse(&w.prefix.addr, value, strcspn(value, "/")) != 0)
		expected = value != word ?
		    "expected an address, or a prefix like 192.0.2.0/24" :
		    "expected an address, a prefix like 192.0.2.0/24,"
		    " name:SUFFIX, helo:NAME, sender:ADDRESS,"
		    " sender-domain:DOMAIN, recipient:ADDRESS,"
		    " recipient-domain:DOMAIN, status:REASON, class:CLASS,"
		    " older:DURATION or newer:DURATION";
	return selector_refuse(why, word, expected);
}

static int
selector_add_word(struct selector *s, const char *word, struct buf *why)
{
	const char *value;
	int i;

	if ((value = selector_after(word, "older:")) != NULL)
		return selector_add_age(s, &s->older, word, value, why);
	if ((value = selector_after(word, "newer:")) != NULL)
		return selector_add_age(s, &s->newer, word, value, why);
	if ((value = selector_after(word, "relay:")) != NULL ||
	    (value = selector_after(word, "network:")) != NULL)
		return selector_add_relay(s, word, value, why);
	if ((value = selector_after(word, "class:")) != NULL)
		return selector_add_class(s, word, value, why);
	for (i = 0; i < SELECTOR_KINDS; i++) {
		value = selector_after(word, selector_kinds[i].prefix);
		if (value != NULL)
			return selector_add_text(s, (enum selector_kind)i, word,
			    value, why);
	}
	return selector_add_relay(s, word, word, why);
}

/* Cuts off the next word, and sets *rest behind it.  NULL: no word is left. */
static char *
selector_next(char **rest)
{
	static const char blanks[] = " \t\r\n";
	char *word = *rest + strspn(*rest, blanks), *end;

	if (*word == '\0')
		return NULL;
	/* A reason contains blanks. */
	if (selector_after(word, "status:") != NULL)
		end = word + strlen(word);
	else
		end = word + strcspn(word, blanks);
	*rest = end + (*end != '\0');
	*end = '\0';
	return word;
}

int
selector_parse(struct selector *s, const char *text, struct buf *why)
{
	char *copy = strdup(text), *rest = copy, *word;
	int rc = -1;

	if (copy == NULL) {
		buf_adds(why, "out of memory");
		return -1;
	}
	/* An empty text is refused like a wrong word. */
	if ((word = selector_next(&rest)) == NULL)
		rc = selector_add_word(s, "", why);
	for (; word != NULL; word = selector_next(&rest))
		if ((rc = selector_add_word(s, word, why)) != 0)
			break;
	free(copy);
	return rc;
}

void
selector_add(struct buf *b, const struct selector_word *w)
{
	bool blanks = w->kind == SELECTOR_STATUS;
	size_t i;
	char c;

	if (w->kind == SELECTOR_RELAY) {
		addr_add_prefix(b, &w->prefix);
		return;
	}
	buf_adds(b, selector_kinds[w->kind].prefix);
	if (w->kind == SELECTOR_CLASS)
		buf_adds(b, relay_class_name(w->class));
	else if (w->n == 0)
		buf_adds(b, "<>");
	for (i = 0; i < w->n; i++) {
		c = w->text[i];
		if (!clean_keeps(c) || c == '%' || (c == ' ' && !blanks))
			buf_addf(b, "%%%02x", (unsigned int)(unsigned char)c);
		else
			buf_addc(b, c);
	}
}

void
selector_free(struct selector *s)
{
	while (s->nwords > 0)
		free(s->words[--s->nwords].text);
	free(s->words);
	*s = (struct selector)SELECTOR_INIT;
}

bool
selector_is_empty(const struct selector *s)
{
	return s->nwords == 0 && s->older == -1 && s->newer == -1;
}

/* --- matching ------------------------------------------------------------ */

/* Compares the parts that are kept of a key; the rest makes no difference. */
static bool
selector_is(struct span s, const struct selector_word *w)
{
	struct span text = { w->text, w->n };

	return key_is_same(key_cut(s), key_cut(text));
}

/* Is it the name, or a name below it? */
static bool
selector_is_below(struct span host, const struct selector_word *w)
{
	return selector_is(key_labels(host, w->n), w);
}

/* The null sender has no domain, but not each sender without one is it. */
static bool
selector_is_sender_domain(const struct envelope *e,
    const struct selector_word *w)
{
	if (w->n == 0)
		return e->has_sender && e->sender.n == 0;
	return selector_is(envelope_domain(e->sender), w);
}

static bool
selector_is_reason(struct span status, const struct selector_word *w)
{
	char room[STATUSKEY_MAX];
	struct span reason = statuskey_fold(status, room);

	return reason.n == w->n && memcmp(reason.p, w->text, w->n) == 0;
}

static bool
selector_word_matches(const struct selector_word *word,
    const struct envelope *e, const struct selector_recipients *to,
    bool loopback)
{
	const struct relay *r = &e->relay;
	bool relay = r->class == RELAY_SMTP ||
	    (r->class == RELAY_LOOPBACK && loopback);

	switch (word->kind) {
	case SELECTOR_RELAY:
		return relay && addr_in(&word->prefix, &r->addr);
	case SELECTOR_NAME:
		return relay && !r->forged && selector_is_below(r->host, word);
	case SELECTOR_HELO:
		return selector_is(e->helo, word);
	case SELECTOR_SENDER:
		return e->has_sender && selector_is(e->sender, word);
	case SELECTOR_SENDER_DOMAIN:
		return selector_is_sender_domain(e, word);
	case SELECTOR_RECIPIENT:
		return to->address;
	case SELECTOR_RECIPIENT_DOMAIN:
		return to->domain;
	case SELECTOR_STATUS:
		return selector_is_reason(e->status, word);
	case SELECTOR_CLASS:
		return r->class == word->class;
	case SELECTOR_KINDS:
		break;
	}
	return false;
}

bool
selector_asks_recipients(const struct selector *s)
{
	size_t i;

	for (i = 0; i < s->nwords; i++)
		if (s->words[i].kind == SELECTOR_RECIPIENT ||
		    s->words[i].kind == SELECTOR_RECIPIENT_DOMAIN)
			return true;
	return false;
}

void
selector_tell(const struct selector *s, struct selector_recipients *to,
    struct span address)
{
	const struct selector_word *w;
	bool it = false;
	size_t i;

	for (i = 0; i < s->nwords; i++) {
		w = &s->words[i];
		if (w->kind == SELECTOR_RECIPIENT && selector_is(address, w))
			to->address = it = true;
		else if (w->kind == SELECTOR_RECIPIENT_DOMAIN &&
		    selector_is(envelope_domain(address), w))
			to->domain = it = true;
	}
	to->other = to->other || !it;
}

bool
selector_matches(const struct selector *s, const struct envelope *e,
    const struct selector_recipients *to, int64_t now, bool loopback)
{
	bool asked[SELECTOR_KINDS] = { false }, met[SELECTOR_KINDS] = { false };
	int64_t age = now > e->arrival ? now - e->arrival : 0;
	size_t i;

	if (selector_is_empty(s))
		return false;
	if ((s->older != -1 || s->newer != -1) && e->arrival == -1)
		return false;
	if ((s->older != -1 && age <= s->older) ||
	    (s->newer != -1 && age > s->newer))
		return false;
	for (i = 0; i < s->nwords; i++) {
		asked[s->words[i].kind] = true;
		if (!met[s->words[i].kind])
			met[s->words[i].kind] = selector_word_matches(
			    &s->words[i], e, to, loopback);
	}
	for (i = 0; i < SELECTOR_KINDS; i++)
		if (asked[i] && !met[i])
			return false;
	return true;
}
