# SPDX-License-Identifier: GPL-3.0-or-later
# Night.pm - a mail gateway with its monitors, for the trial of a whole night
#
# A real sendmail on port 25 takes mail into the incoming queue; MailScanner's
# double runs and, when it is told to, passes on what is there; sendmail
# delivers that to the customer's server, which counts. Nagios and Xymon are on
# the same host. Of this suite nothing is there: the night begins with that.
#
# In the lab only; all of it ends with the test.
package MQ::Night;
use strict;
use warnings;

use Exporter qw(import);
use File::Basename qw(basename);
use MQ;
use MQ::Hints;
use MQ::Lab;
use MQ::MailScanner;
use MQ::Nagios;
use MQ::Scanner;
use MQ::Sendmail;
use MQ::Sink qw(message_of);
use MQ::Xymon;

our @EXPORT = qw(readme runbook sees shows);

my ($IN, $OUT) = ('/var/spool/mqueue.in', '/var/spool/mqueue');
my $CUSTOMER = '127.0.0.25';
my $PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

# --- what is written ---------------------------------------------------------

# The commands in one part of a text: with prompts those, without them all that
# is set in.
sub _commands {
	my ($text) = @_;
	my @lines = map { s/\s+$//r } split /\n/, $text =~
	    s/[ ]*\\\n\s*/ /gr;
	my @prompted = map { /^(?:  |\.Dl )?[#\$] (\S.*)/ } @lines;
	return @prompted ? @prompted : map { /^  (\S.*)/ } @lines;
}

# readme($words): the commands of README that are set in below the paragraph
# which begins with these words.
sub readme {
	my ($words) = @_;
	my ($part) = slurp(srcdir() . '/README') =~
	    /^(\Q$words\E.*\n(?:\S.*\n)*(?:\n|  .*\n)*)/m
	    or die "README does not say: $words\n";
	return _commands($part);
}

# runbook($heading): those of a section of mqueue-flood(7).
sub runbook {
	my ($heading) = @_;
	my ($part) = slurp(srcdir() . '/man/mqueue-flood.7') =~
	    /^\.Ss \Q$heading\E\n(.*?)^\.S/ms
	    or die "mqueue-flood(7) does not say: $heading\n";
	return _commands($part);
}

# --- what is seen ------------------------------------------------------------

# What is different each night; <growth> is told a minute after the first run,
# and <since> has an end when the flood has one.
my $CLOCK = '(?:\w{3} [ \d]\d )?\d\d:\d\d';
my %VARIES = (age => '\d+[smhd](?:\d+[smh])?', rate => '[\d.]+',
    growth => '(?: \([^)]*\))?',
    since => "(?:since $CLOCK|from $CLOCK to $CLOCK)",
    utc => '\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ', seconds => '\d+\.\d',
    date => '\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \S+ \d{4}', pid => '\d+',
    bytes => '\d+', record => '/var/lib/mqueue-plugins/floods/\d{8}T\d{6}Z-'
    . '203\.0\.113\.66');

sub _pattern {
	my ($line) = @_;
	my $pattern = quotemeta $line;
	$pattern =~ s/\\<(\w+)\\>/$VARIES{$1} \/\/ die "<$1>?\n"/ge;
	return $pattern;
}

sub _text {
	my ($said) = @_;
	return ref $said ? "$said->{out}$said->{err}" : $said;
}

# sees($said, $line): the first line, unfolded and without perfdata, is that
# one. What was said is a text, or what types() returns.
sub sees {
	my ($said, $line) = @_;
	my ($first) = split /\n(?! )/, _text($said);
	$first =~ s/\n */ /g;
	my $pattern = _pattern($line);
	Test::More::like($first =~ s/ \|.*//r, qr/\A$pattern\z/, $line);
}

# shows($said, LINE...): these lines are in it, one below the other.
sub shows {
	my ($said, @lines) = @_;
	my $text = _text($said);
	for my $line (@lines) {
		my $pattern = _pattern($line);
		Test::More::ok($text =~ s/\A.*?^ *$pattern$//ms, $line)
		    or Test::More::diag("not in what is left:\n$text");
	}
}

# --- the host ----------------------------------------------------------------

# new(dir => DIR, flooder => ADDRESS, name => NAME): everything runs, and no
# mail is there.
sub new {
	my ($class, %opt) = @_;
	my $self = bless {%opt, mails => 0, page => "$opt{dir}/page"}, $class;
	mkdir $_ or die "$_: $!\n" for $opt{dir}, "$opt{dir}/customer";
	MQ::Sendmail::add_network($_) for '203.0.113.0/24', '198.51.100.0/24';
	put('/etc/hosts', slurp('/etc/hosts') . "$opt{flooder} $opt{name}\n");
	at_end(sub { unlink map { glob "$_/*" } $OUT, "$OUT-client" });
	mkdir $IN or die "$IN: $!\n";
	at_end(sub { run('rm', '-rf', $IN) });
	chown 0, scalar getgrnam 'smmsp', $IN;
	chmod 02750, $IN;
	$self->_configure_sendmail;
	$self->{sendmail} = MQ::Sendmail->new(cf => '/etc/mail/sendmail.cf',
	    dir => "$opt{dir}/sendmail", port => 25,
	    options => ["-OQueueDirectory=$IN"])->start;
	my $scanner = MQ::MailScanner->new(dir => "$opt{dir}/scanner");
	put('/etc/MailScanner/MailScanner.conf', slurp($scanner->{conf})
	    . "Incoming Queue Dir = $IN\nOutgoing Queue Dir = $OUT\n");
	put_link('/usr/lib/MailScanner/init/ms-init', $scanner->{init});
	$self->{scanner} = $scanner->start;
	$self->{customer} = MQ::Sink->new(address => $CUSTOMER,
	    dir => "$opt{dir}/customer", prompt => 1);
	$self->_make_pager;
	return $self;
}

sub _configure_sendmail {
	my ($self) = @_;
	my $made = MQ::Sendmail->new(dir => "$self->{dir}/sendmail",
	    queue => $OUT, mc => <<"EOT");
define(`confQUEUE_FILE_MODE', `0640')dnl
define(`confTRUSTED_USER', `smmta')dnl
define(`confHOST_STATUS_DIRECTORY', `')dnl
define(`confMIN_QUEUE_AGE', `0')dnl
define(`SMART_HOST', `[$CUSTOMER]')dnl
FEATURE(`access_db', `hash -T<TMPF> /etc/mail/access')dnl
EOT
	put('/etc/mail/sendmail.cf', slurp($made->{cf}));
	put('/etc/mail/access', "# of the administrator\n"
	    . "To:customer.example\tRELAY\n");
	put('/etc/mail/access.db', '');
	at_end(sub { unlink '/etc/mail/access.qblock.bak' });
	run_ok('sh', '-c', 'makemap hash /etc/mail/access </etc/mail/access');
}

# In the place of mail(1): its subject, and what Nagios adds, in two lines.
sub _make_pager {
	my ($self) = @_;
	spew($self->{page}, '');
	chown scalar getpwnam 'nagios', -1, $self->{page};
	put('/usr/bin/mail', <<"EOT", mode => 0755);
#!/bin/sh
{ printf '%s\\n' "\$2"; sed -n '/^Additional Info/,\$p' | sed -n 3p; } \\
    >>$self->{page}
EOT
}

# Nothing of it runs any more.
sub ends {
	my ($self) = @_;
	$self->{nagios}->stop if $self->{nagios};
	stop_servers();
	$self->{customer}->stop;
	$self->{sendmail}->stop;
	$self->{scanner}->kill_all;
}

# --- its mail ----------------------------------------------------------------

sub _send {
	my ($self, $kind, $n, %who) = @_;
	my @tags = map { $kind . ++$self->{mails} } 1 .. $n;
	$self->{sendmail}->send($n, to => 'b@customer.example', %who,
	    text => sub { message_of($tags[$_[0] - 1]) =~ s/\n/\r\n/gr });
	return @tags;
}

# floods($n): from the flooder, by nine senders. Returns the tags.
sub floods {
	my ($self, $n) = @_;
	return map { my $each = int(($n + $_) / 9); $each ?
	    $self->_send('flood', $each, client => $self->{flooder},
	    from => "u$_\@bad.example") : () } 0 .. 8;
}

# honest($n): from as many hosts.
sub honest {
	my ($self, $n) = @_;
	return map { $self->_send('honest', 1, client => "198.51.100.$_",
	    from => "user$_\@site.example") } 1 .. $n;
}

# MailScanner passes on all that it finds, and sendmail delivers it.
sub scanned {
	my ($self) = @_;
	$self->{scanner}->runs or die "MailScanner does not run\n";
	scan_queue($IN, deliver => sub {
		my ($id) = @_;
		link "$IN/df$id", "$OUT/df$id" or die "df$id: $!\n";
		spew("$OUT/qf$id", slurp("$IN/qf$id"));
		chmod 0640, "$OUT/qf$id";
	});
	run_ok('/usr/sbin/sendmail', '-qf');
}

# The tags of what has arrived, as often as it has; a body that is not whole is
# told.
sub delivered {
	my ($self) = @_;
	my $arrived = $self->{customer}->arrived;
	return sort map { my $tag = $_;
	    map { $_ eq 'ok' ? $tag : "$tag $_" } @{$arrived->{$tag}} }
	    keys %$arrived;
}

# hears($client): what sendmail answers to one from this address.
sub hears {
	my ($self, $client) = @_;
	return $self->{sendmail}->answer_to($client);
}

# All that is queued of the flooder, name to text, held or not.
sub flood_files {
	my ($self) = @_;
	my %file;
	for my $control (glob "$IN/[qh]f*") {
		my $text = slurp($control);
		next if $text !~ /^\$_\S* ?\[\Q$self->{flooder}\E\]/m;
		my $body = $control =~ s{/[qh]f(?=[^/]*$)}{/df}r;
		$file{basename($control)} = $text;
		$file{basename($body)} = slurp($body);
	}
	return \%file;
}

# --- its postmaster ----------------------------------------------------------

# types($command, $dir): root, in the folder of the samples, which README's
# commands are for, if there is no other. What it changes is undone at the end.
sub types {
	my ($self, $command, $dir) = @_;
	if (my ($user) = $command =~ /^usermod -a -G smmsp (\w+)$/) {
		at_end(sub { run('gpasswd', '-d', $user, 'smmsp') });
	} elsif (my ($from, $to) = $command =~ m{^cp (\S+) (/\S+)$}) {
		my $file = -d $to ? "$to/" . basename($from) : $to;
		at_end(sub { unlink $file });
	}
	return paste($command, path => $PATH, dir => $dir //
	    '/usr/share/doc/mqueue-plugins/examples');
}

# The lab has no service manager: what these start.
my %RESTART = (
    'systemctl restart nagios4' => \&_restart_nagios,
    'service xymon restart' => \&_restart_xymon,
    'service xymon-client restart' => \&_restart_xymon_client,
);

# follows(COMMAND...): each must succeed.
sub follows {
	my ($self, @commands) = @_;
	for my $command (map { split / && (?=systemctl)/ } @commands) {
		Test::More::note("# $command");
		if ($RESTART{$command}) {
			$RESTART{$command}->($self);
			next;
		}
		my $r = $self->types($command);
		die "$command: $r->{code} $r->{out}$r->{err}\n" if $r->{code};
	}
}

sub _restart_nagios {
	my ($self) = @_;
	$self->{nagios}->stop if $self->{nagios};
	$self->{nagios} = MQ::Nagios->new(dir => "$self->{dir}/nagios",
	    change => {enable_notifications => 1})->start;
}

sub _restart_xymon {
	my ($self) = @_;
	$self->{xymon} = MQ::Xymon->new(samples => 0)->start;
}

sub _restart_xymon_client {
	my ($self) = @_;
	stop_server($self->{client}) if $self->{client};
	$self->{client} = $self->{xymon}->client;
}

# --- its monitors ------------------------------------------------------------

# nagios($service): what it shows after as many checks as it takes to be sure.
sub nagios {
	my ($self, $service) = @_;
	die "nothing has started Nagios\n" if !$self->{nagios};
	my $status;
	for (1 .. 3) {
		$status = $self->{nagios}->checked('localhost', $service);
		last if $status->{current_state} == 0
		    || $status->{state_type} == 1;
	}
	return $status->{plugin_output};
}

# pages($n): what the pager shows when it has that many messages.
sub pages {
	my ($self, $n) = @_;
	return wait_for(sub {
		my $text = slurp($self->{page});
		return $text =~ tr/\n// >= 2 * $n && $text;
	}, "$n messages on the pager");
}

# xymon(): the first line of each column, after both have been reported again.
sub xymon {
	my ($self) = @_;
	my $before = time;
	wait_for(sub { time > $before }, 'the next second');
	_restart_xymon_client($self);
	return wait_for(sub {
		my %line = map { $_->[2] > $before ? ($_->[1] => $_->[3]) : () }
		    $self->{xymon}->board(qw(logtime line1));
		return $line{mqueue} && $line{relayflood} && \%line;
	}, 'both columns');
}

1;
