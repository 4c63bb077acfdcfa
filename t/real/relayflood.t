#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# relayflood.t - check_relayflood attributes what a real sendmail took from
# twenty relays
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use MQ;
use MQ::Sendmail;
use Test::More;

need('root', 'm4', 'ip', '/usr/sbin/sendmail');

my $work = tempdir();

# What each relay sends: messages, HELO name, sender; some have a name.
my %relay = ('192.0.2.66' => [301, 'bad.example', 'x@bad.example',
    'mx.bad.example']);
$relay{"192.0.2.10$_"} = [$_, "helo$_.example", "a\@s$_.example"]
    for 1 .. 9;
$relay{"198.51.100.$_"} = [5, 'farm.example', "$_\@farm.example",
    "n$_.farm.example"] for 1 .. 7;
$relay{"2001:db8::$_"} = [6 + $_, 'six.example', 'a@six.example',
    "v$_.six.example"] for 1, 2;
$relay{'2001:db8:0:1::1'} = [9, 'six.example', 'a@six.example'];

# The groups of a queue, and how many messages each has, as the output tells.
sub groups {
	my ($queue, @args) = @_;
	my $r = flood('-q', $queue, '--top', '100', '-v', @args);
	return {map { /^(\S+) \w+: (?:\S+, )?(\d+) messages? \(/ ?
	    ($1 => $2) : () } @{$r->{lines}}};
}

# What they have to be: the sub makes a key of address, HELO name, sender and
# name, or none. The rest is what came by no relay.
sub expected {
	my ($sub, %sum) = @_;
	for my $address (keys %relay) {
		my ($count, @text) = @{$relay{$address}};
		my $key = $sub->($address, @text);
		$sum{$key} += $count if defined $key;
	}
	return \%sum;
}

sub network {
	my ($address) = @_;
	return $address =~ /:/ ? $address =~ s/^2001:db8::\d+$/2001:db8::/r
	    =~ s/::1$/::/r . '/64' : $address =~ s/\d+$/0\/24/r;
}

subtest 'twenty relays' => sub {
	my $queue = "$work/mqueue/q*";
	-d $_ or mkdir $_ or die "$_: $!\n" for map { "$work/mqueue$_" }
	    '', qw(/q1 /q2 /q2/qf /q2/df /q3);
	MQ::Sendmail::add_address($_, $relay{$_}[3]) for sort keys %relay;
	my $sendmail = MQ::Sendmail->new(dir => "$work/sendmail",
	    queue => $queue,
	    mc => 'RELAY_DOMAIN(`example\')dnl')->start;
	my %ids;
	for my $address (sort keys %relay) {
		my ($count, $helo, $from) = @{$relay{$address}};
		$ids{$address} = [$sendmail->send($count, client => $address,
		    helo => $helo, from => $from,
		    to => ['b@customer.example', "c\@to.$helo"])];
	}
	$sendmail->send(6, to => 'b@other.example');
	$sendmail->send(4, to => 'b@other.example', client => '127.0.0.2');
	run({stdin => "Subject: local\n\ntext\n"}, '/usr/sbin/sendmail', '-C',
	    $sendmail->{cf}, '-odq', 'b@other.example') for 1 .. 3;
	my %class = (loopback => 10, local => 3);
	my $total = 13;
	$total += $_->[0] for values %relay;
	is(scalar keys %relay, 20, 'that many');
	is($sendmail->mailq_total, $total, "mailq sees $total messages");

	my $r = flood('-q', $queue);
	is($r->{code}, 2, 'CRITICAL by the default rule') or diag $r->{out};
	my $share = int(301 * 100 / $total + 0.5);
	like($r->{text}, qr/ 192\.0\.2\.66 \(mx\.bad\.example\) 301 of $total/,
	    'the relay, its name, and its count');
	like($r->{text}, qr/ \($share%\), since \d\d:\d\d, \d+\/min, 1 sender;/,
	    '... its share, onset, rate and senders');
	is($r->{perf}{messages}{value}, $total, 'perfdata: messages');
	is($r->{perf}{relays}{value}, 20, '... relays');
	is($r->{perf}{top_count}{value}, 301, '... the largest');
	is($r->{perf}{top_count}{crit}, 300, '... its limit');

	is_deeply(groups($queue), expected(sub { $_[0] }, %class), 'by relay');
	is_deeply(groups($queue, '--by', 'network'), expected(\&network,
	    %class), 'by network');
	is_deeply(groups($queue, '--by', 'helo'), expected(sub { $_[1] },
	    %class), 'by helo');
	is_deeply(groups($queue, '--by', 'sender'), expected(sub { $_[2] },
	    %class), 'by sender');
	is_deeply(groups($queue, '--by', 'sender-domain'), expected(sub {
	    $_[2] =~ s/.*@//r }, %class), 'by sender-domain');
	is_deeply(groups($queue, '--by', 'recipient-domain'), expected(sub {
	    "to.$_[1]" }, 'customer.example' => $total - 13, %class),
	    'by recipient-domain');
	my $names = groups($queue, '--by', 'name');
	is($names->{'farm.example'}, 35, 'by name: seven relays of one farm');
	is($names->{'bad.example'}, 301, '... and the one that floods');

	is(flood('-q', $queue, '--ignore', 'bad.example')->{code}, 0,
	    '--ignore, by the name that sendmail found');
	is(flood('-q', $queue, '--ignore', '192.0.2.64/28')->{code}, 0,
	    '... and by a prefix');

	# Another way to count them, which an operator would take.
	my $grep = run('sh', '-c', 'grep -h "^\\$_" "$0"/q*/qf* "$0"/q*/qf/qf*'
	    . ' | grep -c "\[192.0.2.66\]"', "$work/mqueue");
	is($grep->{out}, "301\n", 'grep agrees');

	# What is quarantined waits for no one.
	my $held = $ids{'192.0.2.66'}[0];
	$sendmail->command("-qI$held", '-Qsuspicious');
	wait_for(sub { glob "$work/mqueue/q*/hf$held $work/mqueue/q*/qf/hf$held"
	    and !grep { -e } glob "$work/mqueue/q*{,/qf}/qf$held" },
	    'quarantine');
	$r = flood('-q', $queue);
	is($r->{code}, 1, 'with one less it is a WARNING: 300');
	is($r->{perf}{messages}{value}, $total - 1, 'and one message less');
};

subtest 'as Debian installs it' => sub {
	my $sendmail = MQ::Sendmail->new(cf => '/etc/mail/sendmail.cf',
	    dir => "$work/stock")->start;
	$sendmail->send(101, to => 'root@localhost');
	my $r = flood('--list-queues');
	is($r->{code}, 0, '--list-queues');
	is($r->{out}, "mqueue (out), from /etc/mail/sendmail.cf\n"
	    . "  /var/spool/mqueue: readable\n", 'the outgoing queue only');
	$r = flood();
	like($r->{text}, qr/ 101 messages, .*; loopback 101 \(100%\) not judged$/,
	    'mail of this host is told, not judged');
	is($r->{code}, 0, '... as OK');

	my $nobody = {uid => 65534, gid => 65534};
	$r = flood($nobody);
	is($r->{code}, 3, 'UNKNOWN for a user who may not read them');
	like($r->{out}, qr/add it to group smmsp/, 'with the group that may');
	$nobody->{gid} = getgrnam 'smmsp';
	$r = flood($nobody);
	is($r->{code}, 0, 'OK for that group') or diag $r->{out};
	is($r->{perf}{read}{value}, 101, 'which reads them');
	is(flood($nobody, '--list-queues')->{code}, 0, 'as --list-queues says');
	# Other tests of this run count the same queue.
	$sendmail->stop;
	unlink glob '/var/spool/mqueue/[qd]f*';
};

done_testing;
