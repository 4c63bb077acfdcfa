/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * conf.c - what MailScanner.conf says of queue directories
 *
 * Pure: bytes in, struct out; files named by include are read by the caller.
 * The model is ReadConfFile() of MailScanner's Config.pm.  A setting whose
 * value can't be known is kept with the reason, because a later line may set
 * it again.  Limits: a value that variables make longer than
 * MAILSCANNER_CONF_VALUE_MAX is such a one.
 */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mta/mailscanner/conf.h"

#define MAILSCANNER_CONF_VALUE_MAX 4096
#define MAILSCANNER_CONF_SHOWN     40 /* bytes of a variable's name */

/* internal: its name in MailScanner's code, which it takes as well. */
static const struct mailscanner_conf_key_row {
	const char *plain, *name, *internal;
} mailscanner_conf_keys[MAILSCANNER_CONF_KEYS] = {
	[MAILSCANNER_CONF_INCOMING] = { "incomingqueuedir",
	    "Incoming Queue Dir", "inqueuedir" },
	[MAILSCANNER_CONF_OUTGOING] = { "outgoingqueuedir",
	    "Outgoing Queue Dir", "outqueuedir" },
	[MAILSCANNER_CONF_MTA] = { "mta", "MTA", NULL },
	[MAILSCANNER_CONF_LDAP_SERVER] = { "ldapserver", "LDAP Server", NULL },
	[MAILSCANNER_CONF_DB_DSN] = { "dbdsn", "DB DSN", NULL },
	[MAILSCANNER_CONF_DB_USER] = { "dbusername", "DB Username", NULL },
	[MAILSCANNER_CONF_DB_PASSWORD] = { "dbpassword", "DB Password", NULL },
	[MAILSCANNER_CONF_SQL_CONFIG] = { "sqlconfig", "SQL Config", NULL },
};

struct mailscanner_conf_var {
	struct mailscanner_conf_var *next;
	char *name; /* without the % */
	struct mailscanner_conf_setting is;
};

static void
mailscanner_conf_setting_free(struct mailscanner_conf_setting *s)
{
	free(s->file);
	free(s->value);
	free(s->unknown);
}

void
mailscanner_conf_free(struct mailscanner_conf *m)
{
	struct mailscanner_conf_var *v;
	size_t i;

	while ((v = m->vars) != NULL) {
		m->vars = v->next;
		mailscanner_conf_setting_free(&v->is);
		free(v->name);
		free(v);
	}
	for (i = 0; i < MAILSCANNER_CONF_KEYS; i++)
		mailscanner_conf_setting_free(&m->v[i]);
	*m = (struct mailscanner_conf)MAILSCANNER_CONF_INIT;
}

const char *
mailscanner_conf_key_name(enum mailscanner_conf_key key)
{
	return mailscanner_conf_keys[key].name;
}

static bool
mailscanner_conf_isblank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

char *
mailscanner_conf_trim(char *s)
{
	size_t n;

	while (mailscanner_conf_isblank(*s))
		s++;
	for (n = strlen(s); n != 0 && mailscanner_conf_isblank(s[n - 1]); n--)
		s[n - 1] = '\0';
	return s;
}

char *
mailscanner_conf_next_line(const char **s, const char *end)
{
	const char *start = *s;
	const char *nl = memchr(start, '\n', (size_t)(end - start));

	*s = nl != NULL ? nl + 1 : end;
	return strndup(start, (size_t)((nl != NULL ? nl : end) - start));
}

/* "Incoming Queue Dir" is "incomingqueuedir". */
static bool
mailscanner_conf_key_is(const char *key, const char *plain)
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

static const struct mailscanner_conf_var *
mailscanner_conf_find(const struct mailscanner_conf *m, const char *name,
    size_t n)
{
	const struct mailscanner_conf_var *v;

	for (v = m->vars; v != NULL; v = v->next)
		if (strlen(v->name) == n && strncasecmp(v->name, name, n) == 0)
			return v;
	return NULL;
}

/* The %name% that s begins with, at least one character long; 0: none. */
static size_t
mailscanner_conf_percent(const char *s)
{
	size_t n = s[0] == '%' ? strcspn(s + 1, "%") : 0;

	return n != 0 && s[n + 1] == '%' ? n : 0;
}

/* The name in $NAME or ${NAME, which is all that Config.pm asks for. */
static size_t
mailscanner_conf_dollar(const char *s, const char **name)
{
	size_t n = 0;

	if (s[0] != '$')
		return 0;
	*name = s[1] == '{' ? s + 2 : s + 1;
	while (isalnum((unsigned char)(*name)[n]) || (*name)[n] == '_')
		n++;
	return n;
}

static void
mailscanner_conf_tell_unset(struct buf *why,
    const struct mailscanner_conf_var *v, const char *name, size_t n)
{
	if (n > MAILSCANNER_CONF_SHOWN)
		n = MAILSCANNER_CONF_SHOWN;
	buf_adds(why, "%");
	buf_add(why, name, n);
	if (v == NULL)
		buf_adds(why, "% is set in no line before");
	else
		buf_addf(why, "%% is set in %s line %zu, where %s", v->is.file,
		    v->is.line, v->is.unknown);
}

/* Where a name of the environment is left, nobody knows what it stands for. */
static bool
mailscanner_conf_has_dollar(const char *s, struct buf *why)
{
	const char *name;
	size_t n;

	for (; *s != '\0'; s++) {
		if ((n = mailscanner_conf_dollar(s, &name)) == 0)
			continue;
		buf_adds(why, "$");
		buf_add(why, name,
		    n > MAILSCANNER_CONF_SHOWN ? MAILSCANNER_CONF_SHOWN : n);
		buf_adds(why,
		    " is of the environment of MailScanner,"
		    " which is not known here");
		return true;
	}
	return false;
}

int
mailscanner_conf_expand(const struct mailscanner_conf *m, const char *text,
    struct buf *out, struct buf *why)
{
	const size_t start = out->len;
	const struct mailscanner_conf_var *v;
	bool grown = false;
	size_t n;

	while (*text != '\0') {
		if ((n = mailscanner_conf_percent(text)) == 0) {
			buf_addc(out, *text++);
			continue;
		}
		v = mailscanner_conf_find(m, text + 1, n);
		if (v == NULL || v->is.value == NULL) {
			mailscanner_conf_tell_unset(why, v, text + 1, n);
			return why->oom ? -1 : 0;
		}
		buf_adds(out, v->is.value);
		grown = true;
		text += n + 2;
		if (out->len - start > MAILSCANNER_CONF_VALUE_MAX)
			break;
	}
	if (out->oom)
		return -1;
	if (grown && out->len - start > MAILSCANNER_CONF_VALUE_MAX)
		buf_addf(why, "variables make it longer than %d bytes",
		    MAILSCANNER_CONF_VALUE_MAX);
	else if (!mailscanner_conf_has_dollar(
		     out->len != 0 ? out->data + start : "", why))
		return 1;
	return why->oom ? -1 : 0;
}

/* Sets it to a text of this line; what it was is freed. */
static int
mailscanner_conf_assign(const struct mailscanner_conf *m,
    struct mailscanner_conf_setting *s, const char *file, size_t line,
    const char *text)
{
	struct mailscanner_conf_setting is = { strdup(file), line, NULL, NULL };
	struct buf value = BUF_INIT, why = BUF_INIT;
	int rc = mailscanner_conf_expand(m, text, &value, &why);

	if (rc == 1)
		is.value = buf_take(&value);
	else if (rc == 0)
		is.unknown = buf_take(&why);
	buf_free(&value);
	buf_free(&why);
	if (is.file == NULL || (is.value == NULL && is.unknown == NULL)) {
		mailscanner_conf_setting_free(&is);
		errno = ENOMEM;
		return -1;
	}
	mailscanner_conf_setting_free(s);
	*s = is;
	return 0;
}

/* The newest definition is found first. */
static int
mailscanner_conf_add_var(struct mailscanner_conf *m, const char *name, size_t n,
    const char *file, size_t line, const char *text)
{
	struct mailscanner_conf_var *v = calloc(1, sizeof(*v));

	if (v == NULL)
		return -1;
	v->name = strndup(name, n);
	if (v->name == NULL ||
	    mailscanner_conf_assign(m, &v->is, file, line, text) != 0) {
		free(v->name);
		free(v);
		return -1;
	}
	v->next = m->vars;
	m->vars = v;
	return 0;
}

static int
mailscanner_conf_set(struct mailscanner_conf *m, const char *key,
    const char *file, size_t line, const char *text)
{
	size_t n = strlen(key), i;

	if (n > 2 && mailscanner_conf_percent(key) == n - 2)
		return mailscanner_conf_add_var(m, key + 1, n - 2, file, line,
		    text);
	for (i = 0; i < MAILSCANNER_CONF_KEYS; i++)
		if (mailscanner_conf_key_is(key,
			mailscanner_conf_keys[i].plain) ||
		    (mailscanner_conf_keys[i].internal != NULL &&
			mailscanner_conf_key_is(key,
			    mailscanner_conf_keys[i].internal)))
			return mailscanner_conf_assign(m, &m->v[i], file, line,
			    text);
	return 0;
}

/* text is the caller's own copy. */
static int
mailscanner_conf_line(struct mailscanner_conf *m, char *text, const char *file,
    size_t line, mailscanner_conf_include_fn *include, void *arg)
{
	char *eq, *key;

	text[strcspn(text, "#")] = '\0';
	key = mailscanner_conf_trim(text);
	if (strncasecmp(key, "include", 7) == 0 &&
	    mailscanner_conf_isblank(key[7]) && strchr(key, '=') == NULL)
		return include(arg, mailscanner_conf_trim(key + 7), line);
	if ((eq = strchr(key, '=')) == NULL)
		return 0;
	*eq = '\0';
	return mailscanner_conf_set(m, mailscanner_conf_trim(key), file, line,
	    mailscanner_conf_trim(eq + 1));
}

int
mailscanner_conf_parse(struct mailscanner_conf *m, const char *file,
    const char *bytes, size_t n, mailscanner_conf_include_fn *include,
    void *arg)
{
	const char *s = bytes, *end = bytes + n;
	size_t number = 0;
	char *line;
	int rc = 0;

	while (rc == 0 && s != end) {
		if ((line = mailscanner_conf_next_line(&s, end)) == NULL)
			return -1;
		rc = mailscanner_conf_line(m, line, file, ++number, include,
		    arg);
		free(line);
	}
	return rc;
}
