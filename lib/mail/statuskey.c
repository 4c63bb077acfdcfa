/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * statuskey.c - the reason in a reply, without what differs each time
 *
 * Pure.  It goes word by word, and keeps brackets and punctuation around a
 * word.  It guesses what others meant.  To take two reasons for one is worse
 * than to show one reason twice, so words without a digit are kept, unless
 * they cannot be words of a sentence.  Folding a reason again changes nothing;
 * therefore --ignore can take either a reason or a whole reply.
 */
#include <stdbool.h>
#include <string.h>

#include "mail/statuskey.h"

#define STATUSKEY_WORD 40 /* no word of a sentence is longer */
#define STATUSKEY_HEX  8  /* this many of a to f are an id */
#define STATUSKEY_NOTE 7  /* bytes of [TSS04], (S3150) */
#define STATUSKEY_ROW  5  /* its digits; more would number messages */

enum statuskey_kind {
	STATUSKEY_KEEP,
	STATUSKEY_FOLD,
	STATUSKEY_VALUE, /* of "name=value", only the value is folded */
};

/* A word, and the punctuation around it. */
struct statuskey_word {
	struct span before, core, after;
};

struct statuskey_out {
	char *room;
	size_t n;
	size_t star; /* where the last "*" is */
	bool folded; /* the last word is one */
	bool open;   /* the next may join it: no bracket was closed */
	bool begins; /* a reply code may follow */
};

/* --- characters ---------------------------------------------------------- */

static bool
statuskey_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
statuskey_is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
statuskey_is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || statuskey_is_upper(c);
}

/* White space, folded lines, and all other bytes that nobody can see. */
static bool
statuskey_is_blank(char c)
{
	return (unsigned char)c <= ' ' || c == 0x7f;
}

static bool
statuskey_has(const char *set, char c)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* Does the span contain one of these characters? */
static bool
statuskey_any(struct span s, bool (*is)(char))
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (is(s.p[i]))
			return true;
	return false;
}

/* --- words --------------------------------------------------------------- */

/* Takes the next word off the text.  n is 0 if there is no word left. */
static struct span
statuskey_next(struct span *text)
{
	struct span word;

	while (text->n != 0 && statuskey_is_blank(*text->p)) {
		text->p++;
		text->n--;
	}
	word = (struct span){ text->p, 0 };
	while (text->n != 0 && !statuskey_is_blank(*text->p)) {
		text->p++;
		text->n--;
		word.n++;
	}
	return word;
}

static struct statuskey_word
statuskey_split(struct span s)
{
	struct statuskey_word w = { { s.p, 0 }, s, { NULL, 0 } };

	while (w.core.n != 0 && statuskey_has("([{<\"'`#", *w.core.p)) {
		w.before.n++;
		w.core.p++;
		w.core.n--;
	}
	while (w.core.n != 0 &&
	    statuskey_has(")]}>\"'`,.:;!?", w.core.p[w.core.n - 1]))
		w.core.n--;
	w.after.p = w.core.p + w.core.n;
	w.after.n = (size_t)(s.p + s.n - w.after.p);
	return w;
}

/* The brackets of mx.example[192.0.2.1] belong to the word. */
static void
statuskey_swallow(struct statuskey_word *w)
{
	size_t i;

	for (i = 0; i < w->core.n; i++)
		if (statuskey_has("([{<", w->core.p[i]))
			break;
	if (i == w->core.n)
		return;
	while (w->after.n != 0 && statuskey_has(")]}>", *w->after.p)) {
		w->after.p++;
		w->after.n--;
	}
}

/* --- what a word is ------------------------------------------------------ */

/* The number of digits at i. */
static size_t
statuskey_digits(struct span s, size_t i)
{
	size_t n = 0;

	while (i + n < s.n && statuskey_is_digit(s.p[i + n]))
		n++;
	return n;
}

/* Of a word: "421", or the first part of "421-4.7.28". */
static bool
statuskey_is_code(struct span s)
{
	return statuskey_has("245", s.p[0]) && statuskey_digits(s, 0) == 3 &&
	    (s.n == 3 || s.p[3] == '-');
}

/* "4.7.28" */
static bool
statuskey_is_enhanced(struct span s)
{
	size_t subject, detail;

	if (s.n < 5 || !statuskey_has("245", s.p[0]) || s.p[1] != '.')
		return false;
	subject = statuskey_digits(s, 2);
	if (subject < 1 || subject > 3 || 3 + subject >= s.n ||
	    s.p[2 + subject] != '.')
		return false;
	detail = statuskey_digits(s, 3 + subject);
	return detail <= 3 && 3 + subject + detail == s.n;
}

/* A code that a site made up, in brackets: [TSS04], (S3150). */
static bool
statuskey_is_note(const struct statuskey_word *w)
{
	size_t letters = 0, digits = w->core.n;

	if (w->before.n == 0 ||
	    !statuskey_has("([", w->before.p[w->before.n - 1]) ||
	    w->after.n == 0 || !statuskey_has(")]", *w->after.p) ||
	    w->core.n > STATUSKEY_NOTE)
		return false;
	while (letters < w->core.n && statuskey_is_upper(w->core.p[letters]))
		letters++;
	digits -= letters;
	return letters != 0 && digits <= STATUSKEY_ROW &&
	    statuskey_digits(w->core, letters) == digits;
}

/* Does it consist of labels, the last of which has at least two letters? */
static bool
statuskey_is_host(struct span s)
{
	size_t i, label = 0, dots = 0;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] == '.') {
			if (label == 0)
				return false;
			dots++;
			label = 0;
		} else if (statuskey_is_letter(s.p[i]) || s.p[i] == '-' ||
		    s.p[i] == '_') {
			label++;
		} else {
			return false;
		}
	}
	return dots != 0 && label >= 2;
}

/* Only a to f, or small and capital letters as in base64. */
static bool
statuskey_is_id(struct span s)
{
	size_t i, hex = 0, turns = 0;

	for (i = 0; i < s.n; i++) {
		hex += statuskey_has("abcdefABCDEF", s.p[i]);
		turns += i != 0 && statuskey_is_upper(s.p[i]) &&
		    s.p[i - 1] >= 'a' && s.p[i - 1] <= 'z';
	}
	return s.n > STATUSKEY_WORD || (hex == s.n && hex >= STATUSKEY_HEX) ||
	    (turns >= 2 && s.n >= STATUSKEY_HEX);
}

/* Is it one of these words, which are separated by blanks? */
static bool
statuskey_is_one_of(struct span s, const char *words)
{
	const char *at;
	size_t n;

	for (at = words; s.n != 0 && *at != '\0'; at += strspn(at, " ")) {
		n = strcspn(at, " ");
		if (n == s.n && memcmp(at, s.p, n) == 0)
			return true;
		at += n;
	}
	return false;
}

static bool
statuskey_is_month(struct span s)
{
	return statuskey_is_one_of(s,
	    "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec");
}

/* A part of a date that is a word, recognized by its neighbours. */
static bool
statuskey_is_date(const struct statuskey_out *o, struct span s,
    struct span next)
{
	struct span after = statuskey_split(next).core;
	bool number = after.n != 0 && statuskey_is_digit(*after.p);

	if (statuskey_is_one_of(s, "AM PM am pm"))
		return o->folded;
	if (statuskey_is_month(s))
		return o->folded || number;
	return statuskey_is_one_of(s, "Mon Tue Wed Thu Fri Sat Sun") &&
	    (o->folded || number || statuskey_is_month(after));
}

/* Where the value of name=value begins, or 0. */
static size_t
statuskey_value(struct span s)
{
	size_t i = 0;

	while (i < s.n && (statuskey_is_letter(s.p[i]) || s.p[i] == '-'))
		i++;
	return i != 0 && i + 1 < s.n && i <= STATUSKEY_WORD && s.p[i] == '=' ?
	    i + 1 :
	    0;
}

static bool
statuskey_is_at(char c)
{
	return c == '@';
}

static enum statuskey_kind
statuskey_kind(const struct statuskey_out *o, const struct statuskey_word *w,
    struct span next)
{
	struct span s = w->core;

	if ((s.n == 1 && *s.p == '*') || statuskey_is_date(o, s, next))
		return STATUSKEY_FOLD;
	if (statuskey_is_enhanced(s) || statuskey_is_note(w))
		return STATUSKEY_KEEP;
	if (statuskey_value(s) != 0)
		return STATUSKEY_VALUE;
	if (statuskey_any(s, statuskey_is_digit) ||
	    statuskey_any(s, statuskey_is_at) || statuskey_is_host(s) ||
	    statuskey_is_id(s) ||
	    (memchr(s.p, ':', s.n) != NULL && memchr(s.p, '/', s.n) != NULL))
		return STATUSKEY_FOLD;
	return STATUSKEY_KEEP;
}

/* --- output -------------------------------------------------------------- */

static void
statuskey_put(struct statuskey_out *o, struct span s)
{
	if (s.n != 0)
		memcpy(o->room + o->n, s.p, s.n);
	o->n += s.n;
}

/* Adds a word of up to four parts, or returns false if it does not fit. */
static bool
statuskey_add(struct statuskey_out *o, struct span before, struct span core,
    bool fold, struct span after)
{
	size_t n = before.n + core.n + (fold ? 1 : 0) + after.n;

	if (o->n + (o->n != 0 ? 1 : 0) + n > STATUSKEY_MAX)
		return false;
	if (o->n != 0)
		o->room[o->n++] = ' ';
	statuskey_put(o, before);
	statuskey_put(o, core);
	o->star = o->n;
	if (fold)
		o->room[o->n++] = '*';
	statuskey_put(o, after);
	return true;
}

static bool
statuskey_is_closing(char c)
{
	return statuskey_has(")]}>\"'`", c);
}

/* Makes one "*" of the "*, * *" of a date and a time.  False: no room. */
static bool
statuskey_join(struct statuskey_out *o, struct span after)
{
	o->n = o->star + 1;
	if (o->n + after.n > STATUSKEY_MAX)
		return false;
	statuskey_put(o, after);
	return true;
}

static bool
statuskey_add_fold(struct statuskey_out *o, struct statuskey_word *w)
{
	static const struct span none = { NULL, 0 };
	bool fits;

	statuskey_swallow(w);
	fits = o->open && w->before.n == 0 ?
	    statuskey_join(o, w->after) :
	    statuskey_add(o, w->before, none, true, w->after);
	o->folded = true;
	o->open = !statuskey_any(w->after, statuskey_is_closing);
	return fits;
}

/* Adds a word, or returns false if it does not fit. */
static bool
statuskey_word(struct statuskey_out *o, struct span word, struct span next)
{
	struct statuskey_word w = statuskey_split(word);
	enum statuskey_kind kind = statuskey_kind(o, &w, next);

	if (kind == STATUSKEY_FOLD)
		return statuskey_add_fold(o, &w);
	o->folded = o->open = false;
	if (kind == STATUSKEY_VALUE) {
		statuskey_swallow(&w);
		w.core.n = statuskey_value(w.core);
	}
	return statuskey_add(o, w.before, w.core, kind == STATUSKEY_VALUE,
	    w.after);
}

struct span
statuskey_fold(struct span text, char room[static STATUSKEY_MAX])
{
	static const struct span none = { NULL, 0 };
	struct statuskey_out o = { .room = room, .begins = true };
	struct span word = statuskey_next(&text), next;
	bool more = true;

	for (; more && word.n != 0; word = next) {
		if (o.begins && statuskey_is_code(word)) {
			more = statuskey_add(&o, none,
			    (struct span){ word.p, 3 }, false, none);
			o.folded = o.open = false;
			/* "421-4.7.28" means the same as "421 4.7.28". */
			word.p += word.n > 3 ? 4 : 3;
			word.n -= word.n > 3 ? 4 : 3;
		}
		o.begins = word.n != 0 && word.p[word.n - 1] == ':';
		next = statuskey_next(&text);
		if (more && word.n != 0)
			more = statuskey_word(&o, word, next);
	}
	/* The text is one word that is too long; it is a reason, too. */
	if (!more && o.n == 0)
		room[o.n++] = '*';
	return (struct span){ room, o.n };
}
