/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hosts.c - which hosts mqc asks, and how
 *
 * Pure: text in, a list out.  A command is words parted by blanks, and no
 * shell ever sees it, so that there is nothing to quote.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/words.h"
#include "report/report.h"
#include "tools/mqc/hosts.h"

#define MQC_HOSTS_SHOWN 80
#define MQC_HOSTS_EXEC  "exec:"
#define MQC_HOSTS_BLANK " \t\r"

static void
mqc_hosts_free_one(struct mqc_hosts_one *h)
{
	free(h->name);
	free(h->argv);
	free(h->words);
}

void
mqc_hosts_free(struct mqc_hosts *hosts)
{
	size_t i;

	for (i = 0; i < hosts->n; i++)
		mqc_hosts_free_one(&hosts->v[i]);
	free(hosts->v);
	*hosts = (struct mqc_hosts)MQC_HOSTS_INIT;
}

static int
mqc_hosts_fail(struct buf *why, const char *text, const char *s)
{
	clean_adds(why, s, MQC_HOSTS_SHOWN);
	buf_adds(why, ": ");
	buf_adds(why, text);
	return -1;
}

/* Splits a command into words, in a copy. */
static int
mqc_hosts_split(struct mqc_hosts_one *h, const char *command, struct buf *why)
{
	size_t n = 0, max = strlen(command) / 2 + 2;
	char *rest, *p;

	h->words = strdup(command);
	h->argv = calloc(max, sizeof(*h->argv));
	if (h->words == NULL || h->argv == NULL)
		return mqc_hosts_fail(why, "out of memory", command);
	for (p = h->words; *p != '\0'; p++)
		if (strchr(MQC_HOSTS_BLANK, *p) != NULL)
			*p = ' ';
	for (rest = h->words; (p = words_next(&rest)) != NULL; n++)
		h->argv[n] = p;
	if (n == 0)
		return mqc_hosts_fail(why,
		    "a command is missing after exec:", h->name);
	return 0;
}

/* Is it one word of printable ASCII that is no longer than a name may be? */
static bool
mqc_hosts_is_name(const char *s)
{
	size_t n = strlen(s), i;

	for (i = 0; i < n; i++)
		if (s[i] <= ' ' || s[i] > '~')
			return false;
	return n != 0 && n <= MQC_HOSTS_NAME;
}

/* Takes a name and where it is, both without blanks at their ends. */
static int
mqc_hosts_take(struct mqc_hosts *hosts, struct mqc_hosts_one *h,
    const char *where, struct buf *why)
{
	size_t exec = strlen(MQC_HOSTS_EXEC), i;
	const char *bad;

	if (!mqc_hosts_is_name(h->name))
		return mqc_hosts_fail(why,
		    "a name is one word of at most 63"
		    " ASCII characters",
		    h->name);
	for (i = 0; i < hosts->n; i++)
		if (strcmp(hosts->v[i].name, h->name) == 0)
			return mqc_hosts_fail(why, "this name comes twice",
			    h->name);
	if (strncmp(where, MQC_HOSTS_EXEC, exec) == 0)
		return mqc_hosts_split(h, where + exec, why);
	if (strpbrk(where, MQC_HOSTS_BLANK) != NULL)
		return mqc_hosts_fail(why,
		    "expected HOST[:PORT], or exec: and"
		    " a command",
		    where);
	if (net_parse_peer(&h->peer, where, REPORT_PORT, &bad) != 0)
		return mqc_hosts_fail(why, bad, where);
	return 0;
}

/* A copy without blanks at the ends. */
static char *
mqc_hosts_trim(const char *s, size_t n)
{
	while (n != 0 && strchr(MQC_HOSTS_BLANK, s[n - 1]) != NULL)
		n--;
	while (n != 0 && strchr(MQC_HOSTS_BLANK, *s) != NULL) {
		s++;
		n--;
	}
	return strndup(s, n);
}

int
mqc_hosts_add(struct mqc_hosts *hosts, const char *spec, struct buf *why)
{
	const char *equals = strchr(spec, '='), *rest = spec;
	size_t exec = strlen(MQC_HOSTS_EXEC);
	struct mqc_hosts_one h = { .name = NULL }, *grown;
	char *where = NULL;
	int rc = -1;

	/* A '=' in an option of a command does not end a name. */
	if (strncmp(spec, MQC_HOSTS_EXEC, exec) == 0) {
		mqc_hosts_fail(why, "a command needs a name: NAME = exec: ...",
		    spec);
		goto out;
	}
	if (equals != NULL) {
		h.name = mqc_hosts_trim(spec, (size_t)(equals - spec));
		rest = equals + 1;
	}
	where = mqc_hosts_trim(rest, strlen(rest));
	if (equals == NULL)
		h.name = mqc_hosts_trim(rest, strlen(rest));
	if (h.name == NULL || where == NULL) {
		mqc_hosts_fail(why, "out of memory", spec);
		goto out;
	}
	if (hosts->n == MQC_HOSTS_MAX) {
		mqc_hosts_fail(why, "more than 10000 hosts", h.name);
		goto out;
	}
	if (mqc_hosts_take(hosts, &h, where, why) != 0)
		goto out;
	grown = realloc(hosts->v, (hosts->n + 1) * sizeof(*hosts->v));
	if (grown == NULL) {
		mqc_hosts_fail(why, "out of memory", spec);
		goto out;
	}
	hosts->v = grown;
	hosts->v[hosts->n++] = h;
	rc = 0;
out:
	if (rc != 0)
		mqc_hosts_free_one(&h);
	free(where);
	return rc;
}

/* The length of a line without its comment. */
static size_t
mqc_hosts_length(const char *line, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (line[i] == '#' &&
		    (i == 0 || strchr(MQC_HOSTS_BLANK, line[i - 1]) != NULL))
			return i;
	return n;
}

int
mqc_hosts_parse(struct mqc_hosts *hosts, const char *text, size_t n,
    struct buf *why)
{
	const char *end, *nl;
	struct buf bad = BUF_INIT;
	size_t number = 1;
	char *line;
	int rc = 0;

	/* An empty file has no text, and NULL + 0 is undefined in C. */
	if (n == 0)
		return 0;
	if (memchr(text, '\0', n) != NULL) {
		buf_adds(why, "it is no text file");
		return -1;
	}
	end = text + n;
	for (; rc == 0 && text < end; text = nl + 1, number++) {
		nl = memchr(text, '\n', (size_t)(end - text));
		if (nl == NULL)
			nl = end;
		line = mqc_hosts_trim(text,
		    mqc_hosts_length(text, (size_t)(nl - text)));
		if (line == NULL ||
		    (*line != '\0' && mqc_hosts_add(hosts, line, &bad) != 0)) {
			buf_addf(why, "line %zu: ", number);
			buf_add(why, bad.data, bad.len);
			if (line == NULL)
				buf_adds(why, "out of memory");
			rc = -1;
		}
		free(line);
	}
	buf_free(&bad);
	return rc;
}
