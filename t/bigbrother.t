#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# bigbrother.t - the samples for Big Brother and Big Sister, and what their
# servers make of hostile texts
#
# Neither is packaged any more, so their servers are models here: a sink for
# the bytes, and the two rules that decide what a text can do. Big Brother's
# bbd replaces some characters; Big Sister's reads lines, of which each may be
# a command.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use MQ::Display;
use MQ::Hostile;
use Test::More;

my $dir = tempdir();
my $contrib = srcdir() . '/contrib';
my $display = MQ::Display->new(dir => "$dir/display");
my $port = $display->port;
my $queue = "$dir/mqueue";
make_queue($queue, 3, age => 600);

# As it would be installed: each plugin is a script that names the queue.
my %installed = ('/usr/bin/bb-ext' => program('bb-ext'));
sub install {
	my ($name, @lines) = @_;
	spew("$dir/$name", map { "$_\n" } '#!/bin/sh', @lines);
	chmod 0755, "$dir/$name";
	$installed{"/usr/lib/nagios/plugins/$name"} = "$dir/$name";
}
install('check_mqueue', 'exec ' . program('check_mqueue')
    . " -q $queue --state-dir $dir/state -c 2");
install('check_relayflood', 'exec ' . program('check_relayflood')
    . " -q $queue -w 1,1% -c 2,1%");

# sample($file): its text, with the paths of this build.
sub sample {
	my ($file) = @_;
	my $text = slurp("$contrib/$file");
	my $paths = join '|', map { quotemeta } sort keys %installed;
	$text =~ s/($paths)(?![\w-])/$installed{$1}/g;
	return $text;
}

my @variables = qw(MACHINE MACHINEDOTS XYMON XYMSRV XYMSERVERS XYMONDPORT BB
    BBDISP BBDISPLAYS BBPORT);
my %clean = map { $_ => undef } @variables;

# --- Big Brother -------------------------------------------------------------

# What bbd keeps of a message.
sub bbd {
	my ($message) = @_;
	return $message =~ tr/`$;|&\\/_/r;
}

mkdir "$dir/bb$_" or die "mkdir: $!\n" for '', qw(/ext /etc /bin);
spew("$dir/bb/bin/bb", <<"EOT");
#!/usr/bin/perl
# Big Brother's client program: bb DISPLAY MESSAGE
use IO::Socket::INET;
\@ARGV == 2 or exit 1;
my \$to = IO::Socket::INET->new(PeerAddr => \$ARGV[0], PeerPort =>
    \$ENV{BBPORT}) or exit 1;
print \$to \$ARGV[1];
EOT
chmod 0755, "$dir/bb/bin/bb";
my %bb = (%clean, BBHOME => "$dir/bb", BB => "$dir/bb/bin/bb",
    BBDISP => '127.0.0.1', BBPORT => $port, MACHINE => 'mx1,example,net');

# The way of bbrun: HOST : OPTIONS : SCRIPT;SECONDS ..., without arguments.
my ($table) = grep { /^localhost / } split /\n/,
    sample('bigbrother/bb-bbexttab');
my (undef, $options, $scripts) = split /\s*:\s*/, $table;
is($options, '', 'bb-bbexttab: no options, Big Brother has none');
my %seconds = map { split /;/ } split ' ', $scripts;
is_deeply(\%seconds, {'mqueue.sh' => 300, 'relayflood.sh' => 300},
    'bb-bbexttab: the scripts, every five minutes');
for my $script (sort keys %seconds) {
	my ($column) = $script =~ /^(\w+)/;
	my $file = "$dir/bb/ext/$script";
	my $text = sample("bigbrother/ext/$script");
	spew($file, $text);
	chmod 0755, $file;
	my $r = run({env => \%bb}, $file);
	is($r->{code}, 0, "$script runs");
	is($r->{err}, '', '... without a word');
	my $message = $display->message;
	like(bbd($message), qr/\Astatus\+15 mx1,example,net\.$column red [A-Z]/,
	    '... and bbd has the status');
	is(bbd($message), $message =~ s/^( +)&(?=(?:green|red) )/$1_/gmr,
	    '... but for its icons as it was sent');
	like($message, qr/\n messages? : 3\n|\n mqueue : 3\n/, '... with numbers');

	# The sample is what bb-ext makes itself.
	unlink $file;
	is(run({env => \%bb}, $installed{'/usr/bin/bb-ext'},
	    '--install-wrapper', $file, '--interval', '5m',
	    $installed{"/usr/lib/nagios/plugins/check_$column"})->{code}, 0,
	    "$script can be made by bb-ext");
	my $made = slurp($file);
	# Below valgrind it knows itself by its real name.
	$made =~ s/\Q$ENV{MQ_VALGRIND}\E/builddir()/e if $ENV{MQ_VALGRIND};
	is($made, $text =~ s/^# SPDX.*\n//mr, '... the same');
}

# --- Big Sister --------------------------------------------------------------

# What Big Sister's bbd does: [command, text] for each line that is one. The
# text of a status that comes as Big Brother sends it goes on up to the next
# line that looks like a command; any other line ends the connection.
my $commands = join '|', qw(status page perf remove disable enable join leave
    displayname savelogs archivelogs);
sub bigsister {
	my ($bytes) = @_;
	my @got;
	for my $line (split /\r?\n/, $bytes) {
		if (my ($command, $text) = $line =~ /^($commands)\b(.*)/) {
			push @got, [$command, $text =~ s/\|>/\n/gr];
		} elsif (@got && $got[-1][0] =~ /^(?:status|page)$/) {
			$got[-1][1] .= "\n$line";
		} else {
			push @got, ['invalid', $line];
			last;
		}
	}
	return @got;
}

my ($server) = sample('bigsister/uxmon-net') =~ /^(\S+)\s+bsdisplay$/m;
my $crontab = sample('bigsister/crontab');
my ($machine) = $crontab =~ /^MACHINE=(\S+)$/m;
my @jobs = $crontab =~ m{^\*/5 \* \* \* \*\t\w+\t(.*)$}mg;
is(scalar @jobs, 2, 'crontab: two jobs');
for my $job (@jobs) {
	my ($column) = $job =~ /check_(\w+)$/;
	like($job, qr/ --display=\Q$server\E /, "$column: the agent's server");
	# Cron runs a command by sh.
	my $r = run({env => {%clean, MACHINE => $machine, BBPORT => $port}},
	    '/bin/sh', '-c', $job =~ s/=\Q$server\E /=127.0.0.1 /r);
	is($r->{code}, 0, '... cron runs it');
	is($r->{out} . $r->{err}, '', '... and mails nothing');
	my $message = $display->message;
	is($message =~ tr/\n//, 1, '... one line');
	my @got = bigsister($message);
	is(scalar @got, 1, '... one command');
	is($got[0][0], 'status', '... the status');
	like($got[0][1], qr/\A mx1,example,net\.$column red [A-Z]/, '... of it');
	like($got[0][1], qr/\n m\w+ : 3(?:\n|\z)/, '... with numbers in lines');
}

# --- hostile texts -----------------------------------------------------------

# A plugin that prints what a file says.
install('check_stub', "cat $dir/said", 'exit 1');

sub stub {
	my ($said, @options) = @_;
	spew("$dir/said", $said);
	my $r = run({env => {%clean, MACHINE => 'mx1,example,net'}},
	    $installed{'/usr/bin/bb-ext'}, @options, '--print', '--',
	    "$dir/check_stub");
	is($r->{code}, 0, 'printed') or diag $r->{err};
	# The clock goes on between two runs.
	return $r->{out} =~ s/ yellow \K\w+ \w+ [ \d]+ [\d:]+ \S+ \d+/DATE/r;
}

sub shown {
	my ($text) = @_;
	return substr $text =~ s/([^ -~])/sprintf '\\x%02x', ord $1/ger, 0, 50;
}

for my $text (hostile_texts()) {
	for my $output (hostile_outputs($text)) {
		my $message = stub($output);
		is_harmless($message, $output, 'one status: ' . shown($text));
		# bbd finds nothing to replace but our own icons.
		is(bbd($message), $message =~ s/^( +)&(?=yellow )/$1_/gmr,
		    '... for bbd');
		is_deeply([map { $_->[0] } bigsister($message)], ['status'],
		    '... one command for Big Sister');
		is($message =~ s/ <!-- ncv_skipstart.*ncv_skipend -->\n//sr
		    =~ s/ <!-- ncv_end.*//sr =~ tr/\n//, 2, '... one row');

		my $line = stub($output, '--big-sister');
		is($line =~ tr/\n//, 1, '... as one line');
		my @got = bigsister($line);
		is(scalar @got, 1, '... one command');
		is($line =~ s/\|>/\n/gr, without_words($message)
		    =~ s/^status\K\+15//r, '... that says the same');
	}
}

# The models do see such things, when nobody cleans them.
is(bbd("status a.b red \$(id)\n"), "status a.b red _(id)\n",
    'the model of bbd replaces');
is_deeply([map { $_->[0] } bigsister("status a.b red x\ny\nremove a.b\n")],
    ['status', 'remove'], 'the model of Big Sister finds a command');
is_deeply([map { $_->[0] } bigsister("status a.b red x\n\n@\@\n")],
    ['status'], '... but only where there is one');
done_testing;
