/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sendmailcf.c - what sendmail.cf says of queue directories
 *
 * Pure: bytes in, struct out.  Limit: a daemon may have been started with
 * -OQueueDirectory=, which no file tells.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "mqueue/sendmailcf.h"

void
sendmailcf_free(struct sendmailcf *cf)
{
	size_t i;

	for (i = 0; i < cf->ngroups; i++) {
		free(cf->groups[i].name);
		free(cf->groups[i].path);
	}
	free(cf->groups);
	free(cf->queue_directory);
	*cf = (struct sendmailcf)SENDMAILCF_INIT;
}

static bool
sendmailcf_isblank(char c)
{
	return c == ' ' || c == '\t';
}

static const char *
sendmailcf_skip(const char *s)
{
	while (sendmailcf_isblank(*s))
		s++;
	return s;
}

/*
 * The value of an option line's QueueDirectory, or NULL for another option.
 * "O QueueDirectory = /x", "O queued=/x" (any unique beginning), "OQ/x".
 */
static const char *
sendmailcf_option(const char *line)
{
	static const char name[] = "QueueDirectory";
	static const size_t unique = 6;		/* QueueD */
	size_t n;

	if (!sendmailcf_isblank(line[1]))
		return line[1] == 'Q' ? sendmailcf_skip(line + 2) : NULL;
	line = sendmailcf_skip(line + 1);
	n = strcspn(line, " \t=");
	if (n < unique || n >= sizeof(name) || strncasecmp(line, name, n) != 0)
		return NULL;
	line = sendmailcf_skip(line + n);
	return *line == '=' ? sendmailcf_skip(line + 1) : NULL;
}

/* "Qname, P=/path, F=f": fields are parted by commas. */
static int
sendmailcf_add_group(struct sendmailcf *cf, const char *line)
{
	struct sendmailcf_group g = { NULL, NULL }, *groups;
	const char *s = line + 1 + strcspn(line + 1, ", \t");

	g.name = strndup(line + 1, (size_t)(s - line) - 1);
	while (*(s = s + strspn(s, ", \t")) != '\0') {
		if ((*s == 'P' || *s == 'p') &&
		    *sendmailcf_skip(s + strcspn(s, " \t=,")) == '=') {
			s = sendmailcf_skip(strchr(s, '=') + 1);
			free(g.path);
			g.path = strndup(s, strcspn(s, ", \t"));
			if (g.path == NULL)
				goto fail;
		}
		s += strcspn(s, ",");
	}
	groups = realloc(cf->groups, (cf->ngroups + 1) * sizeof(*groups));
	if (groups != NULL)
		cf->groups = groups;
	if (groups == NULL || g.name == NULL)
		goto fail;
	groups[cf->ngroups++] = g;
	return 0;
fail:
	free(g.name);
	free(g.path);
	return -1;
}

static int
sendmailcf_line(struct sendmailcf *cf, const char *line)
{
	const char *value;
	char *s;

	if (line[0] == 'Q' && line[1] != '\0')
		return sendmailcf_add_group(cf, line);
	if (line[0] != 'O' || (value = sendmailcf_option(line)) == NULL ||
	    *value == '\0')
		return 0;
	if ((s = strdup(value)) == NULL)
		return -1;
	free(cf->queue_directory);
	cf->queue_directory = s;
	return 0;
}

/* One line with its continuations, which begin with a blank. */
static void
sendmailcf_gather(struct buf *line, const char **s, const char *end)
{
	const char *nl;

	do {
		nl = memchr(*s, '\n', (size_t)(end - *s));
		if (nl == NULL)
			nl = end;
		buf_add(line, *s, (size_t)(nl - *s));
		*s = nl != end ? nl + 1 : end;
	} while (*s != end && sendmailcf_isblank(**s));
	while (line->len != 0 && strchr(" \t\r", line->data[line->len - 1]))
		buf_truncate(line, line->len - 1);
}

int
sendmailcf_parse(struct sendmailcf *cf, const char *bytes, size_t n)
{
	const char *s = bytes, *end = bytes + n;
	struct buf line = BUF_INIT;
	int rc = 0;

	while (rc == 0 && s != end) {
		buf_truncate(&line, 0);
		sendmailcf_gather(&line, &s, end);
		rc = line.oom ? -1 : sendmailcf_line(cf, buf_str(&line));
	}
	buf_free(&line);
	return rc;
}
