/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cf.c - what sendmail.cf says of the access map
 *
 * Pure: bytes in, struct out.  Limit: a daemon may have been started with
 * another file (-C), which no file tells.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "mta/sendmail/access/cf.h"
#include "mta/sendmail/cf.h"

#define SENDMAIL_ACCESS_CF_BLANK " \t"

void
sendmail_access_cf_free(struct sendmail_access_cf *cf)
{
	free(cf->type);
	free(cf->file);
	*cf = (struct sendmail_access_cf)SENDMAIL_ACCESS_CF_INIT;
}

/* The next word of *s into *word, which is "" at the end. */
static void
sendmail_access_cf_word(const char **s, struct buf *word)
{
	size_t n;

	*s += strspn(*s, SENDMAIL_ACCESS_CF_BLANK);
	n = strcspn(*s, SENDMAIL_ACCESS_CF_BLANK);
	buf_truncate(word, 0);
	buf_add(word, *s, n);
	*s += n;
}

/* An option of the map.  -k, -v and -z may have a blank before their value. */
static void
sendmail_access_cf_option(struct sendmail_access_cf *cf, const char *option,
    const char **s, struct buf *word)
{
	if (option[1] == 'f')
		cf->keep_case = true;
	else if (option[1] == 'N')
		cf->nul = true;
	else if (option[1] != '\0' && strchr("kvz", option[1]) != NULL &&
	    option[2] == '\0')
		sendmail_access_cf_word(s, word);
}

static int
sendmail_access_cf_keep(char **to, const struct buf *word)
{
	size_t n = word->len;

	free(*to);
	*to = NULL;
	if (n > 3 && strcmp(word->data + n - 3, ".db") == 0)
		n -= 3;
	return n == 0 || (*to = strndup(word->data, n)) != NULL ? 0 : -1;
}

/* "Kaccess hash -o -T<TMPF> /etc/mail/access" */
static int
sendmail_access_cf_map(struct sendmail_access_cf *cf, const char *s)
{
	struct buf word = BUF_INIT;
	int rc = 0;

	sendmail_access_cf_word(&s, &word);
	if (word.oom || strcasecmp(buf_str(&word), "access") != 0)
		goto out;
	cf->keep_case = cf->nul = false;
	sendmail_access_cf_word(&s, &word);
	rc = word.oom ? -1 : sendmail_access_cf_keep(&cf->type, &word);
	do {
		sendmail_access_cf_word(&s, &word);
		if (word.len == 0 || word.oom || word.data[0] != '-')
			break;
		sendmail_access_cf_option(cf, word.data, &s, &word);
	} while (!word.oom);
	if (rc == 0 && !word.oom)
		rc = sendmail_access_cf_keep(&cf->file, &word);
out:
	if (word.oom)
		rc = -1;
	buf_free(&word);
	return rc;
}

/* "O UseCompressedIPv6Addresses=True", and any beginning that is unique. */
static void
sendmail_access_cf_set(struct sendmail_access_cf *cf, const char *s)
{
	static const char name[] = "UseCompressedIPv6Addresses";
	static const size_t unique = 4; /* UseC */
	size_t n;

	s += strspn(s, SENDMAIL_ACCESS_CF_BLANK);
	n = strcspn(s, SENDMAIL_ACCESS_CF_BLANK "=");
	if (n < unique || n >= sizeof(name) || strncasecmp(s, name, n) != 0)
		return;
	s += n + strspn(s + n, SENDMAIL_ACCESS_CF_BLANK "=");
	/* atobool() of sendmail. */
	cf->way.compressed = *s == '\0' || strchr("tTyY", *s) != NULL;
}

/*
 * A rule without its R.  Those of rule sets D and A in cf/m4/proto.m4, which
 * are there only with the argument of the feature:
 *	R<SKIP> <$+> <$+> <$- $-> <$*>		$@ <$2> <$5>
 *	R<?> <$+.$+> <$+> <$- $-> <$*>		$: < $(access $5:.$2 ...
 */
static void
sendmail_access_cf_rule(struct sendmail_access_cf *cf, const char *s)
{
	if (strncmp(s, "<SKIP> ", 7) == 0)
		cf->skip = true;
	if (strstr(s, "$(access $5:.$2") != NULL)
		cf->way.dots = true;
}

int
sendmail_access_cf_parse(struct sendmail_access_cf *cf, const char *bytes,
    size_t n)
{
	const char *s = bytes, *end = bytes + n, *text;
	struct buf line = BUF_INIT;
	int rc = 0;

	while (rc == 0 && s != end) {
		sendmail_cf_next_line(&line, &s, end);
		if ((text = buf_str(&line)) == NULL)
			rc = -1;
		else if (text[0] == 'K')
			rc = sendmail_access_cf_map(cf, text + 1);
		else if (text[0] == 'O' && (text[1] == ' ' || text[1] == '\t'))
			sendmail_access_cf_set(cf, text + 1);
		else if (text[0] == 'R')
			sendmail_access_cf_rule(cf, text + 1);
	}
	buf_free(&line);
	return rc;
}
