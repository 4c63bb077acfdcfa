/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cf.c - what sendmail.cf says of queue directories
 *
 * Pure: bytes in, struct out.  Limit: a daemon may have been started with
 * -OQueueDirectory=, which no file tells.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "mta/sendmail/cf.h"

void
sendmail_cf_free(struct sendmail_cf *cf)
{
	size_t i;

	for (i = 0; i < cf->ngroups; i++) {
		free(cf->groups[i].name);
		free(cf->groups[i].path);
		free(cf->groups[i].base);
	}
	free(cf->groups);
	free(cf->queue_directory);
	*cf = (struct sendmail_cf)SENDMAIL_CF_INIT;
}

static bool
sendmail_cf_isblank(char c)
{
	return c == ' ' || c == '\t';
}

static const char *
sendmail_cf_skip(const char *s)
{
	while (sendmail_cf_isblank(*s))
		s++;
	return s;
}

/*
 * The value of an option line's QueueDirectory, or NULL for another option.
 * "O QueueDirectory = /x", "O queued=/x" (any unique beginning), "OQ/x".
 */
static const char *
sendmail_cf_option(const char *line)
{
	static const char name[] = "QueueDirectory";
	static const size_t unique = 6; /* QueueD */
	size_t n;

	if (!sendmail_cf_isblank(line[1]))
		return line[1] == 'Q' ? sendmail_cf_skip(line + 2) : NULL;
	line = sendmail_cf_skip(line + 1);
	n = strcspn(line, " \t=");
	if (n < unique || n >= sizeof(name) || strncasecmp(line, name, n) != 0)
		return NULL;
	line = sendmail_cf_skip(line + n);
	return *line == '=' ? sendmail_cf_skip(line + 1) : NULL;
}

/*
 * The next comma-separated field of a Q line into *out, without quotes,
 * backslashes and the blanks around it (munchstring() of readcf.c).  Returns
 * what follows it, or NULL at the end.
 */
static const char *
sendmail_cf_field(const char *s, struct buf *out)
{
	bool quoted = false;
	size_t end = 0;

	buf_truncate(out, 0);
	if (*s == '\0')
		return NULL;
	for (s = sendmail_cf_skip(s); *s != '\0'; s++) {
		if (*s == ',' && !quoted)
			break;
		if (*s == '"') {
			quoted = !quoted;
			continue;
		}
		if (*s == '\\' && s[1] != '\0')
			s++;
		buf_addc(out, *s);
		if (quoted || !sendmail_cf_isblank(*s))
			end = out->len;
	}
	buf_truncate(out, end);
	return *s == ',' ? s + 1 : s;
}

/* "Qname, P=/path, F=f" */
static int
sendmail_cf_add_group(struct sendmail_cf *cf, const char *line, size_t number)
{
	struct sendmail_cf_group g = { .line = number }, *groups;
	size_t n = strcspn(line + 1, ", \t");
	const char *s = line + 1 + n, *value;
	struct buf field = BUF_INIT;

	g.name = strndup(line + 1, n);
	while ((s = sendmail_cf_field(s, &field)) != NULL && !field.oom) {
		value = strchr(buf_str(&field), '=');
		if (value == NULL || strchr("Pp", field.data[0]) == NULL)
			continue;
		free(g.path);
		g.path = strdup(sendmail_cf_skip(value + 1));
		if (g.path == NULL)
			field.oom = true;
	}
	if (cf->queue_directory != NULL) {
		g.base = strdup(cf->queue_directory);
		if (g.base == NULL)
			field.oom = true;
	}
	groups = realloc(cf->groups, (cf->ngroups + 1) * sizeof(*groups));
	if (groups != NULL)
		cf->groups = groups;
	if (groups == NULL || g.name == NULL || field.oom) {
		free(g.name);
		free(g.path);
		free(g.base);
		buf_free(&field);
		return -1;
	}
	buf_free(&field);
	groups[cf->ngroups++] = g;
	return 0;
}

static int
sendmail_cf_line(struct sendmail_cf *cf, const char *line, size_t number)
{
	const char *value;
	char *s;

	if (line[0] == 'Q' && line[1] != '\0')
		return sendmail_cf_add_group(cf, line, number);
	if (line[0] != 'O' || (value = sendmail_cf_option(line)) == NULL)
		return 0;
	if ((s = strdup(*value != '\0' ? value : "mqueue")) == NULL)
		return -1;
	free(cf->queue_directory);
	cf->queue_directory = s;
	cf->line = number;
	return 0;
}

/* A '#' begins a comment, unless a backslash stands before it. */
static void
sendmail_cf_add_text(struct buf *line, const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n && s[i] != '#'; i++) {
		if (s[i] == '\\' && i + 1 < n && s[i + 1] == '#')
			i++;
		buf_addc(line, s[i]);
	}
}

/* Continuations begin with a blank. */
void
sendmail_cf_next_line(struct buf *line, const char **s, const char *end)
{
	const char *nl;

	buf_truncate(line, 0);
	do {
		nl = memchr(*s, '\n', (size_t)(end - *s));
		if (nl == NULL)
			nl = end;
		sendmail_cf_add_text(line, *s, (size_t)(nl - *s));
		*s = nl != end ? nl + 1 : end;
	} while (*s != end && sendmail_cf_isblank(**s));
	while (line->len != 0 && strchr(" \t\r", line->data[line->len - 1]))
		buf_truncate(line, line->len - 1);
}

int
sendmail_cf_parse(struct sendmail_cf *cf, const char *bytes, size_t n)
{
	const char *s = bytes, *end = bytes + n;
	const char *counted = bytes;
	struct buf line = BUF_INIT;
	size_t number = 1, first;
	int rc = 0;

	while (rc == 0 && s != end) {
		sendmail_cf_next_line(&line, &s, end);
		first = number;
		for (; counted != s; counted++)
			number += *counted == '\n';
		rc = line.oom ? -1 :
				sendmail_cf_line(cf, buf_str(&line), first);
	}
	buf_free(&line);
	return rc;
}

const char *
sendmail_cf_path(const char *written, struct buf *out)
{
	buf_truncate(out, 0);
	if (*written != '/')
		return "does not begin with '/', and sendmail takes no"
		       " relative path";
	for (; *written != '\0'; written++) {
		if (written[0] == '$' && written[1] != '\0' &&
		    *++written != '$')
			return "has a macro, which sendmail does not put"
			       " in here";
		buf_addc(out, *written);
	}
	return NULL;
}
