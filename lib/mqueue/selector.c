/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * selector.c - which messages an operator means
 *
 * The selector owns the texts of its words.  It may decide what is deleted, so
 * it is read strictly: nothing is guessed, completed or ignored, and what a
 * message does not say never matches.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clean.h"
#include "base/num.h"
#include "mqueue/selector.h"

#define SELECTOR_SHOWN 80 /* of a word that is refused */

static const struct {
	const char *prefix;
	enum selector_kind kind;
	const char *expected;
} selector_kinds[] = {
	{ "name:", SELECTOR_NAME,
	    "expected the end of a host name, like name:spam.example" },
	{ "helo:", SELECTOR_HELO,
	    "expected what a client says of itself, like helo:friend" },
	{ "sender:", SELECTOR_SENDER,
	    "expected an address, like sender:win@spam.example, or sender:<>"
	    " for the null sender" },
	{ "sender-domain:", SELECTOR_SENDER_DOMAIN,
	    "expected a domain, like sender-domain:spam.example" },
};

static int
selector_refuse(struct buf *why, const char *word, const char *expected)
{
	buf_addc(why, '\'');
	clean_adds(why, word, SELECTOR_SHOWN);
	buf_addf(why, "': %s", expected);
	return -1;
}

/* What follows the prefix, or NULL. */
static const char *
selector_after(const char *word, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(word, prefix, n) == 0 ? word + n : NULL;
}

static int
selector_add(struct selector *s, const struct selector_word *word,
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

/* Labels, none of them empty. */
static bool
selector_is_domain(const char *s)
{
	return *s != '\0' && *s != '.' && s[strlen(s) - 1] != '.' &&
	    strstr(s, "..") == NULL && strchr(s, '@') == NULL;
}

static bool
selector_is_value(enum selector_kind kind, const char *s)
{
	struct addr unused;

	if (kind == SELECTOR_NAME)
		return selector_is_domain(s) &&
		    addr_parse(&unused, s, strlen(s)) != 0;
	return kind == SELECTOR_SENDER_DOMAIN ? selector_is_domain(s) :
						*s != '\0';
}

static int
selector_add_text(struct selector *s, enum selector_kind kind,
    const char *value, struct buf *why)
{
	struct selector_word word = { .kind = kind };
	size_t n = strlen(value);
	int rc;

	if (kind == SELECTOR_SENDER && *value == '<' && value[n - 1] == '>') {
		value++;
		n -= 2;
	}
	if ((word.text = strndup(value, n)) == NULL) {
		buf_adds(why, "out of memory");
		return -1;
	}
	if ((rc = selector_add(s, &word, why)) != 0)
		free(word.text);
	return rc;
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
selector_add_relay(struct selector *s, const char *text, struct buf *why)
{
	struct selector_word word = { .kind = SELECTOR_RELAY };
	const char *expected;

	if (addr_parse_prefix(&word.prefix, text, &expected) == 0)
		return selector_add(s, &word, why);
	if (addr_parse(&word.prefix.addr, text, strcspn(text, "/")) != 0)
		expected =
		    "expected an address, a prefix like 192.0.2.0/24,"
		    " name:SUFFIX, helo:NAME, sender:ADDRESS,"
		    " sender-domain:DOMAIN, older:DURATION or newer:DURATION";
	return selector_refuse(why, text, expected);
}

static int
selector_add_word(struct selector *s, const char *word, struct buf *why)
{
	const char *value;
	size_t i;

	if ((value = selector_after(word, "older:")) != NULL)
		return selector_add_age(s, &s->older, word, value, why);
	if ((value = selector_after(word, "newer:")) != NULL)
		return selector_add_age(s, &s->newer, word, value, why);
	for (i = 0; i < sizeof(selector_kinds) / sizeof(*selector_kinds); i++) {
		value = selector_after(word, selector_kinds[i].prefix);
		if (value == NULL)
			continue;
		if (!selector_is_value(selector_kinds[i].kind, value))
			return selector_refuse(why, word,
			    selector_kinds[i].expected);
		return selector_add_text(s, selector_kinds[i].kind, value, why);
	}
	return selector_add_relay(s, word, why);
}

int
selector_parse(struct selector *s, const char *text, struct buf *why)
{
	static const char blanks[] = " \t\r\n";
	char *copy = strdup(text), *word, *rest = NULL;
	int rc = -1;

	if (copy == NULL) {
		buf_adds(why, "out of memory");
		return -1;
	}
	/* Nothing is as wrong as a word that is none. */
	if ((word = strtok_r(copy, blanks, &rest)) == NULL)
		rc = selector_add_relay(s, "", why);
	for (; word != NULL; word = strtok_r(NULL, blanks, &rest))
		if ((rc = selector_add_word(s, word, why)) != 0)
			break;
	free(copy);
	return rc;
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

static bool
selector_is(struct span s, const char *text)
{
	return s.n == strlen(text) && strncasecmp(s.p, text, s.n) == 0;
}

/* The name, or one below it. */
static bool
selector_is_below(struct span host, const char *name)
{
	size_t n = strlen(name);

	if (host.n > n && host.p[host.n - n - 1] == '.') {
		host.p += host.n - n;
		host.n = n;
	}
	return selector_is(host, name);
}

static bool
selector_word_matches(const struct selector_word *word,
    const struct envelope *e, bool loopback)
{
	const struct relay *r = &e->relay;
	bool relay = r->class == RELAY_SMTP ||
	    (r->class == RELAY_LOOPBACK && loopback);

	switch (word->kind) {
	case SELECTOR_RELAY:
		return relay && addr_in(&word->prefix, &r->addr);
	case SELECTOR_NAME:
		return relay && !r->forged &&
		    selector_is_below(r->host, word->text);
	case SELECTOR_HELO:
		return selector_is(e->helo, word->text);
	case SELECTOR_SENDER:
		return e->has_sender && selector_is(e->sender, word->text);
	case SELECTOR_SENDER_DOMAIN:
		return selector_is(envelope_domain(e->sender), word->text);
	case SELECTOR_KINDS:
		break;
	}
	return false;
}

bool
selector_matches(const struct selector *s, const struct envelope *e,
    int64_t now, bool loopback)
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
			met[s->words[i].kind] =
			    selector_word_matches(&s->words[i], e, loopback);
	}
	for (i = 0; i < SELECTOR_KINDS; i++)
		if (asked[i] && !met[i])
			return false;
	return true;
}
