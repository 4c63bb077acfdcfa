/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * msconf.c - what MailScanner.conf says of queue directories
 *
 * Pure: bytes in, struct out; files named by include are read by the caller.
 * Limits: $ENV values are not put in; a %variable% is looked up where it is
 * used, so it must have been set before, and a value that grows beyond
 * MSCONF_VALUE_MAX stays as it was written.
 */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "mqueue/msconf.h"

#define MSCONF_VALUE_MAX 4096

struct msconf_var {
	struct msconf_var *next;
	char *name; /* without the % */
	char *value;
};

void
msconf_free(struct msconf *m)
{
	struct msconf_var *v;

	while ((v = m->vars) != NULL) {
		m->vars = v->next;
		free(v->name);
		free(v->value);
		free(v);
	}
	free(m->incoming);
	free(m->outgoing);
	free(m->mta);
	*m = (struct msconf)MSCONF_INIT;
}

static bool
msconf_isblank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Cuts blanks at both ends; returns the new start. */
static char *
msconf_trim(char *s)
{
	size_t n;

	while (msconf_isblank(*s))
		s++;
	for (n = strlen(s); n != 0 && msconf_isblank(s[n - 1]); n--)
		s[n - 1] = '\0';
	return s;
}

/* "Incoming Queue Dir" is "incomingqueuedir". */
static bool
msconf_key_is(const char *key, const char *plain)
{
	for (; *key != '\0'; key++) {
		if (!isalnum((unsigned char)*key))
			continue;
		if (tolower((unsigned char)*key) != *plain)
			return false;
		plain++;
	}
	return *plain == '\0';
}

static const struct msconf_var *
msconf_find(const struct msconf *m, const char *name, size_t n)
{
	const struct msconf_var *v;

	for (v = m->vars; v != NULL; v = v->next)
		if (strlen(v->name) == n && strncasecmp(v->name, name, n) == 0)
			return v;
	return NULL;
}

/* The value with each known %name% replaced; NULL: out of memory. */
static char *
msconf_expand(const struct msconf *m, const char *value)
{
	struct buf out = BUF_INIT;
	const struct msconf_var *v;
	const char *s = value, *end;

	while (*s != '\0' && out.len <= MSCONF_VALUE_MAX) {
		end = *s == '%' ? strchr(s + 1, '%') : NULL;
		v = end != NULL ? msconf_find(m, s + 1, (size_t)(end - s - 1)) :
				  NULL;
		if (v != NULL) {
			buf_adds(&out, v->value);
			s = end + 1;
		} else {
			buf_addc(&out, *s++);
		}
	}
	if (out.len > MSCONF_VALUE_MAX) {
		buf_truncate(&out, 0);
		buf_adds(&out, value);
	}
	return buf_take(&out);
}

/* The newest definition is found first. */
static int
msconf_add_var(struct msconf *m, const char *name, size_t n, const char *value)
{
	struct msconf_var *v = calloc(1, sizeof(*v));

	if (v == NULL)
		return -1;
	v->name = strndup(name, n);
	v->value = msconf_expand(m, value);
	if (v->name == NULL || v->value == NULL) {
		free(v->name);
		free(v->value);
		free(v);
		return -1;
	}
	v->next = m->vars;
	m->vars = v;
	return 0;
}

static int
msconf_set(struct msconf *m, const char *key, const char *value)
{
	char **field, *s;
	size_t n = strlen(key);

	if (n > 2 && key[0] == '%' && key[n - 1] == '%')
		return msconf_add_var(m, key + 1, n - 2, value);
	if (msconf_key_is(key, "incomingqueuedir"))
		field = &m->incoming;
	else if (msconf_key_is(key, "outgoingqueuedir"))
		field = &m->outgoing;
	else if (msconf_key_is(key, "mta"))
		field = &m->mta;
	else
		return 0;
	if ((s = msconf_expand(m, value)) == NULL)
		return -1;
	free(*field);
	*field = s;
	return 0;
}

/* line is the caller's own copy. */
static int
msconf_line(struct msconf *m, char *line, msconf_include_fn *include, void *arg)
{
	char *eq, *pattern, *key = msconf_trim(line);
	int rc = -1;

	if (strncasecmp(key, "include", 7) == 0 && msconf_isblank(key[7]) &&
	    strchr(key, '=') == NULL) {
		pattern = msconf_expand(m, msconf_trim(key + 7));
		if (pattern != NULL)
			rc = include(arg, pattern);
		free(pattern);
		return rc;
	}
	if ((eq = strchr(key, '=')) == NULL)
		return 0;
	*eq = '\0';
	return msconf_set(m, msconf_trim(key), msconf_trim(eq + 1));
}

/* The next line without its comment; NULL at the end or out of memory. */
static char *
msconf_next_line(const char **s, const char *end)
{
	const char *nl, *start = *s;
	char *line;

	if (start == end)
		return NULL;
	nl = memchr(start, '\n', (size_t)(end - start));
	*s = nl != NULL ? nl + 1 : end;
	errno = 0;
	line = strndup(start, (size_t)((nl != NULL ? nl : end) - start));
	if (line != NULL)
		line[strcspn(line, "#")] = '\0';
	return line;
}

int
msconf_parse(struct msconf *m, const char *bytes, size_t n,
    msconf_include_fn *include, void *arg)
{
	const char *s = bytes, *end = bytes + n;
	char *line;
	int rc = 0;

	while (rc == 0 && s != end) {
		if ((line = msconf_next_line(&s, end)) == NULL)
			return -1;
		rc = msconf_line(m, line, include, arg);
		free(line);
	}
	return rc;
}

int
msconf_parse_list(const char *bytes, size_t n,
    int (*add)(void *arg, const char *path), void *arg)
{
	const char *s = bytes, *end = bytes + n;
	char *line, *word;
	size_t at;
	int rc = 0;

	while (rc == 0 && s != end) {
		if ((line = msconf_next_line(&s, end)) == NULL)
			return -1;
		word = msconf_trim(line);
		for (at = strlen(word); at != 0; at--)
			if (msconf_isblank(word[at - 1]))
				break;
		if (word[at] == '/')
			rc = add(arg, word + at);
		free(line);
	}
	return rc;
}
