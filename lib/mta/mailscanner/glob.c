/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * glob.c - which patterns a glob of MailScanner's stands for
 *
 * Pure: what the file system has is the caller's business.  The model is Perl's
 * File::Glob.  glob(3) of POSIX knows no braces, and that of musl none either.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "mta/mailscanner/glob.h"

#define MAILSCANNER_GLOB_LENGTH   4096
#define MAILSCANNER_GLOB_PATTERNS 1000
#define MAILSCANNER_GLOB_BLANKS   " \t\r\n\f\v"

struct mailscanner_glob {
	mailscanner_glob_fn *add;
	void *arg;
	size_t n; /* patterns so far */
};

bool
mailscanner_glob_is(const char *value)
{
	return strpbrk(value, "*?") != NULL;
}

/* A backslash and what it quotes are two bytes, anything else is one. */
static size_t
mailscanner_glob_step(const char *s)
{
	return s[0] == '\\' && s[1] != '\0' ? 2 : 1;
}

/* What stands in brackets, [a}], ends no brace; 0: no bracket is closed. */
static size_t
mailscanner_glob_bracket(const char *s)
{
	const char *end = s[0] == '[' && s[1] != '\0' ? strchr(s + 2, ']') :
							NULL;

	return end != NULL ? (size_t)(end + 1 - s) : 0;
}

/*
 * The end of the brace or of its part that begins at s: a comma, if one is
 * asked for, or the closing brace, at the same depth; NULL: there is none.
 */
static const char *
mailscanner_glob_part_end(const char *s, bool comma)
{
	size_t depth = 0, n;

	while (*s != '\0') {
		if (depth == 0 && (*s == '}' || (comma && *s == ',')))
			return s;
		if ((n = mailscanner_glob_bracket(s)) != 0) {
			s += n;
			continue;
		}
		depth += *s == '{';
		depth -= *s == '}';
		s += mailscanner_glob_step(s);
	}
	return NULL;
}

/* The first brace that is closed. */
static const char *
mailscanner_glob_brace(const char *s)
{
	for (; *s != '\0'; s += mailscanner_glob_step(s))
		if (*s == '{' &&
		    mailscanner_glob_part_end(s + 1, false) != NULL)
			return s;
	return NULL;
}

static bool
mailscanner_glob_magic(const char *s)
{
	for (; *s != '\0'; s += mailscanner_glob_step(s))
		if (*s == '*' || *s == '?' || mailscanner_glob_bracket(s) != 0)
			return true;
	return false;
}

/* Calls add for a pattern without braces. */
static int
mailscanner_glob_emit(struct mailscanner_glob *g, const char *pattern)
{
	struct buf path = BUF_INIT;
	int rc = -1;

	if (++g->n > MAILSCANNER_GLOB_PATTERNS) {
		errno = E2BIG;
		return -1;
	}
	if (mailscanner_glob_magic(pattern))
		return g->add(g->arg, pattern, true);
	for (; *pattern != '\0'; pattern++) {
		pattern += mailscanner_glob_step(pattern) - 1;
		buf_addc(&path, *pattern);
	}
	errno = ENOMEM;
	if (!path.oom)
		rc = g->add(g->arg, buf_str(&path), false);
	buf_free(&path);
	return rc;
}

/* A pattern with each part of its first brace, and so on. */
static int
mailscanner_glob_expand(struct mailscanner_glob *g, const char *pattern)
{
	const char *open = mailscanner_glob_brace(pattern), *close, *part, *end;
	struct buf one = BUF_INIT;
	int rc = 0;

	if (open == NULL)
		return mailscanner_glob_emit(g, pattern);
	close = mailscanner_glob_part_end(open + 1, false);
	for (part = open + 1; rc == 0; part = end + 1) {
		end = mailscanner_glob_part_end(part, true);
		buf_truncate(&one, 0);
		buf_add(&one, pattern, (size_t)(open - pattern));
		buf_add(&one, part, (size_t)(end - part));
		buf_adds(&one, close + 1);
		errno = ENOMEM;
		rc = one.oom ? -1 : mailscanner_glob_expand(g, buf_str(&one));
		if (end == close)
			break;
	}
	buf_free(&one);
	return rc;
}

/* The next word into *word, without its quotes.  Returns what follows it. */
static const char *
mailscanner_glob_word(const char *s, struct buf *word)
{
	char quote = '\0';
	size_t n;

	buf_truncate(word, 0);
	for (; *s != '\0'; s += n) {
		n = mailscanner_glob_step(s);
		if (quote == '\0' &&
		    strchr(MAILSCANNER_GLOB_BLANKS, *s) != NULL)
			break;
		if (*s == quote)
			quote = '\0';
		else if (quote == '\0' && (*s == '"' || *s == '\''))
			quote = *s;
		else
			buf_add(word, s, n);
	}
	return s + strspn(s, MAILSCANNER_GLOB_BLANKS);
}

int
mailscanner_glob_patterns(const char *text, mailscanner_glob_fn *add, void *arg)
{
	struct mailscanner_glob g = { add, arg, 0 };
	struct buf word = BUF_INIT;
	int rc = 0;

	if (strlen(text) > MAILSCANNER_GLOB_LENGTH) {
		errno = E2BIG;
		return -1;
	}
	text += strspn(text, MAILSCANNER_GLOB_BLANKS);
	while (rc == 0 && *text != '\0') {
		text = mailscanner_glob_word(text, &word);
		errno = ENOMEM;
		rc = word.oom ? -1 :
				mailscanner_glob_expand(&g, buf_str(&word));
	}
	buf_free(&word);
	return rc;
}
